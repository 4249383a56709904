<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>AddCard</name>
    <message numerus="yes">
        <source>%Ln GGUF files in</source>
        <translation>
            <numerusform>%Ln GGUF file in</numerusform>
            <numerusform>%Ln GGUF files in</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln parts</source>
        <translation>
            <numerusform>%Ln part</numerusform>
            <numerusform>%Ln parts</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>AnswerRow</name>
    <message numerus="yes">
        <source>%Ln tokens</source>
        <translation>
            <numerusform>%Ln token</numerusform>
            <numerusform>%Ln tokens</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PassphraseDialog</name>
    <message numerus="yes">
        <source>Take at least %Ln characters.</source>
        <translation>
            <numerusform>Take at least %Ln character.</numerusform>
            <numerusform>Take at least %Ln characters.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>UndoBar</name>
    <message numerus="yes">
        <source>%Ln chats deleted</source>
        <translation>
            <numerusform>%Ln chat deleted</numerusform>
            <numerusform>%Ln chats deleted</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>UnlockPage</name>
    <message numerus="yes">
        <source>Take at least %Ln characters.</source>
        <translation>
            <numerusform>Take at least %Ln character.</numerusform>
            <numerusform>Take at least %Ln characters.</numerusform>
        </translation>
    </message>
</context>
</TS>
