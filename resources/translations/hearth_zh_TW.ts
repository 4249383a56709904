<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_TW" sourcelanguage="en">
<context>
    <name>AddCard</name>
    <message>
        <source>Add model</source>
        <translation>新增模型</translation>
    </message>
    <message>
        <source>owner/name, or its address</source>
        <translation>擁有者/名稱，或其網址</translation>
    </message>
    <message>
        <source>Repository</source>
        <translation>儲存庫</translation>
    </message>
    <message>
        <source>Find files</source>
        <translation>尋找檔案</translation>
    </message>
    <message>
        <source>Open a GGUF file…</source>
        <translation>開啟 GGUF 檔案…</translation>
    </message>
    <message>
        <source>Asking the Hub…</source>
        <translation>正在詢問 Hub…</translation>
    </message>
    <message numerus="yes">
        <source>%Ln GGUF files in</source>
        <translation>
            <numerusform>%Ln 個 GGUF 檔案，位於</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln parts</source>
        <translation>
            <numerusform>%Ln 個分割檔</numerusform>
        </translation>
    </message>
    <message>
        <source>Download {size}</source>
        <translation>下載 {size}</translation>
    </message>
    <message>
        <source>Download {file}, {size}</source>
        <translation>下載 {file}，{size}</translation>
    </message>
</context>
<context>
    <name>AnswerRow</name>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Copy answer</source>
        <translation>複製回答</translation>
    </message>
    <message>
        <source>Reading the conversation: {percent}</source>
        <translation>正在讀取對話：{percent}</translation>
    </message>
    <message>
        <source>Answer: {how}</source>
        <translation>回答：{how}</translation>
    </message>
    <message>
        <source>Writing…</source>
        <translation>正在撰寫…</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>嚮導</translation>
    </message>
    <message numerus="yes">
        <source>%Ln tokens</source>
        <translation>
            <numerusform>%Ln 個詞元</numerusform>
        </translation>
    </message>
    <message>
        <source>This answer was interrupted. What was written is kept.</source>
        <translation>此回答被中斷，已寫出的內容已保留。</translation>
    </message>
    <message>
        <source>Ask again to get a whole one.</source>
        <translation>再問一次即可得到完整回答。</translation>
    </message>
</context>
<context>
    <name>CardLayer</name>
    <message>
        <source>Copy {language}</source>
        <translation>複製 {language}</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>複製</translation>
    </message>
    <message>
        <source>code</source>
        <translation>程式碼</translation>
    </message>
</context>
<context>
    <name>ChatController</name>
    <message>
        <source>New chat</source>
        <translation>新對話</translation>
    </message>
</context>
<context>
    <name>ChatDelegate</name>
    <message>
        <source>New title</source>
        <translation>新標題</translation>
    </message>
</context>
<context>
    <name>ChatList</name>
    <message>
        <source>Chats</source>
        <translation>對話</translation>
    </message>
</context>
<context>
    <name>ChatListModel</name>
    <message>
        <source>New chat</source>
        <translation>新對話</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>昨天</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>過去 7 天</translation>
    </message>
    <message>
        <source>Earlier</source>
        <translation>更早</translation>
    </message>
</context>
<context>
    <name>ColumnPage</name>
    <message>
        <source>Show the chats</source>
        <translation>顯示對話清單</translation>
    </message>
    <message>
        <source>Back to the chat</source>
        <translation>返回對話</translation>
    </message>
</context>
<context>
    <name>Composer</name>
    <message>
        <source>Message</source>
        <translation>訊息</translation>
    </message>
    <message>
        <source>Ask anything</source>
        <translation>想問什麼都可以</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>傳送</translation>
    </message>
    <message>
        <source>Ask the Guide</source>
        <translation>問問嚮導</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
</context>
<context>
    <name>ContextRing</name>
    <message>
        <source>{used} of {total}</source>
        <translation>{used} / {total}</translation>
    </message>
    <message>
        <source>The conversation fills {used} of the {total} tokens of the context.</source>
        <translation>對話已占用上下文 {total} 個詞元中的 {used} 個。</translation>
    </message>
</context>
<context>
    <name>Conversation</name>
    <message>
        <source>Conversation</source>
        <translation>對話內容</translation>
    </message>
    <message>
        <source>Go to the end</source>
        <translation>跳到結尾</translation>
    </message>
</context>
<context>
    <name>DownloadRow</name>
    <message>
        <source>Pause</source>
        <translation>暫停</translation>
    </message>
    <message>
        <source>Cancel download</source>
        <translation>取消下載</translation>
    </message>
    <message>
        <source>Progress of {file}</source>
        <translation>{file} 的進度</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>繼續</translation>
    </message>
    <message>
        <source>{received} of {total}</source>
        <translation>{received} / {total}</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暫停</translation>
    </message>
    <message>
        <source>checking what arrived</source>
        <translation>正在驗證已下載的內容</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
</context>
<context>
    <name>DropHint</name>
    <message>
        <source>Drop the file to use it as a model</source>
        <translation>放開以將此檔案用作模型</translation>
    </message>
</context>
<context>
    <name>Errors</name>
    <message>
        <source>No window can be opened ({detail}).</source>
        <translation>無法開啟視窗（{detail}）。</translation>
    </message>
    <message>
        <source>Start Hearth on a desktop.</source>
        <translation>請在桌面環境中啟動 Hearth。</translation>
    </message>
    <message>
        <source>{path} can&apos;t be written ({detail}).</source>
        <translation>無法寫入 {path}（{detail}）。</translation>
    </message>
    <message>
        <source>Choose another place.</source>
        <translation>請選擇其他位置。</translation>
    </message>
    <message>
        <source>This message is not there any more.</source>
        <translation>此訊息已不存在。</translation>
    </message>
    <message>
        <source>Open the chat again.</source>
        <translation>請重新開啟對話。</translation>
    </message>
    <message>
        <source>The engine could not be started ({detail}).</source>
        <translation>無法啟動引擎（{detail}）。</translation>
    </message>
    <message>
        <source>Start Hearth again. If it happens again, run “hearth doctor” in a terminal.</source>
        <translation>請重新啟動 Hearth。如果再次發生，請在終端機執行「hearth doctor」。</translation>
    </message>
    <message>
        <source>The engine stopped while it was answering. What was written so far is kept.</source>
        <translation>引擎在回答時停止了，已寫出的內容已保留。</translation>
    </message>
    <message>
        <source>Ask again; the engine is being restarted.</source>
        <translation>請再問一次；引擎正在重新啟動。</translation>
    </message>
    <message>
        <source>The engine stopped while it was loading “{name}”.</source>
        <translation>引擎在載入「{name}」時停止了。</translation>
    </message>
    <message>
        <source>Try again; if it happens again, choose another model: this file may be damaged.</source>
        <translation>請再試一次；如果再次發生，請換一個模型：此檔案可能已損壞。</translation>
    </message>
    <message>
        <source>The engine stopped three times within two minutes and stays off.</source>
        <translation>引擎在兩分鐘內停止了三次，現已關閉。</translation>
    </message>
    <message>
        <source>Choose another model, or restart the engine.</source>
        <translation>請換一個模型，或重新啟動引擎。</translation>
    </message>
    <message>
        <source>The engine is busy.</source>
        <translation>引擎忙碌中。</translation>
    </message>
    <message>
        <source>Try again in {retry_after_s} s.</source>
        <translation>請在 {retry_after_s} 秒後再試。</translation>
    </message>
    <message>
        <source>The engine refused the request: {detail}.</source>
        <translation>引擎拒絕了請求：{detail}。</translation>
    </message>
    <message>
        <source>Change the setting it names.</source>
        <translation>請變更它指出的設定。</translation>
    </message>
    <message>
        <source>The engine failed: {detail}.</source>
        <translation>引擎發生錯誤：{detail}。</translation>
    </message>
    <message>
        <source>Try again; if it happens again, run `hearth doctor`.</source>
        <translation>請再試一次；如果再次發生，請執行 `hearth doctor`。</translation>
    </message>
    <message>
        <source>The engine was told to do something else first.</source>
        <translation>引擎被要求先做別的事。</translation>
    </message>
    <message>
        <source>The conversation has {prompt_tokens} tokens, but the model&apos;s context holds {context_tokens}.</source>
        <translation>對話有 {prompt_tokens} 個詞元，而模型的上下文只能容納 {context_tokens} 個。</translation>
    </message>
    <message>
        <source>Start a new chat, or shorten the message.</source>
        <translation>請開始新對話，或縮短訊息。</translation>
    </message>
    <message>
        <source>The model&apos;s chat template failed: {detail}.</source>
        <translation>模型的對話範本發生錯誤：{detail}。</translation>
    </message>
    <message>
        <source>Choose another model; this one may have been made badly.</source>
        <translation>請換一個模型；這一個可能製作不當。</translation>
    </message>
    <message>
        <source>There is no model “{model}” on this computer.</source>
        <translation>本機上沒有模型「{model}」。</translation>
    </message>
    <message>
        <source>Add it with Add model.</source>
        <translation>請用「新增模型」加入它。</translation>
    </message>
    <message>
        <source>No model is installed yet.</source>
        <translation>尚未安裝任何模型。</translation>
    </message>
    <message>
        <source>Add one with Add model, or open a GGUF file.</source>
        <translation>請用「新增模型」加入一個，或開啟 GGUF 檔案。</translation>
    </message>
    <message>
        <source>“{name}” can&apos;t be used as a model: {detail}.</source>
        <translation>「{name}」不能用作模型：{detail}。</translation>
    </message>
    <message>
        <source>Download it again, or choose another file.</source>
        <translation>請重新下載，或選擇其他檔案。</translation>
    </message>
    <message>
        <source>“{name}” is part of a model of {count} files, and {missing} is missing.</source>
        <translation>「{name}」是由 {count} 個檔案組成的模型的一部分，缺少 {missing}。</translation>
    </message>
    <message>
        <source>Put all parts into one folder.</source>
        <translation>請將所有分割檔放入同一資料夾。</translation>
    </message>
    <message>
        <source>“{name}” needs {needed} of memory, but {available} are free.</source>
        <translation>「{name}」需要 {needed} 記憶體，但只有 {available} 可用。</translation>
    </message>
    <message>
        <source>Close other programs, or choose a smaller model.</source>
        <translation>請關閉其他程式，或選擇較小的模型。</translation>
    </message>
    <message>
        <source>{host} can&apos;t be reached.</source>
        <translation>無法連線到 {host}。</translation>
    </message>
    <message>
        <source>Check the network connection, then try again.</source>
        <translation>請檢查網路連線後再試。</translation>
    </message>
    <message>
        <source>{host} asks for an access token for “{repo}”, or the token is wrong.</source>
        <translation>{host} 存取「{repo}」需要存取權杖，或權杖有誤。</translation>
    </message>
    <message>
        <source>Enter an access token in Settings.</source>
        <translation>請在設定中輸入存取權杖。</translation>
    </message>
    <message>
        <source>“{repo}” is open only to those who accepted its terms.</source>
        <translation>「{repo}」只對接受其條款的人開放。</translation>
    </message>
    <message>
        <source>Accept the terms on its page, then enter your access token.</source>
        <translation>請在其頁面接受條款，然後輸入您的存取權杖。</translation>
    </message>
    <message>
        <source>{host} has no “{what}”.</source>
        <translation>{host} 上沒有「{what}」。</translation>
    </message>
    <message>
        <source>Check the spelling of the name.</source>
        <translation>請檢查名稱的拼寫。</translation>
    </message>
    <message>
        <source>{host} asks to wait before the next request.</source>
        <translation>{host} 要求稍後再請求。</translation>
    </message>
    <message>
        <source>{host} answered with an error ({detail}).</source>
        <translation>{host} 傳回了錯誤（{detail}）。</translation>
    </message>
    <message>
        <source>Try again later.</source>
        <translation>請稍後再試。</translation>
    </message>
    <message>
        <source>The network&apos;s proxy does not let Hearth reach {host} ({detail}).</source>
        <translation>網路代理不允許 Hearth 連線到 {host}（{detail}）。</translation>
    </message>
    <message>
        <source>Check the proxy settings of this computer, then try again.</source>
        <translation>請檢查本機的代理設定後再試。</translation>
    </message>
    <message>
        <source>The connection to {host} is not private: its certificate is not trusted.</source>
        <translation>與 {host} 的連線不安全：其憑證不受信任。</translation>
    </message>
    <message>
        <source>Check the date of this computer, or use another network.</source>
        <translation>請檢查本機日期，或改用其他網路。</translation>
    </message>
    <message>
        <source>{host} answered with a web page, as the sign-in page of a network does.</source>
        <translation>{host} 傳回了一個網頁，像是網路的登入頁面。</translation>
    </message>
    <message>
        <source>Open a browser, sign in to the network, then try again.</source>
        <translation>請開啟瀏覽器登入網路，然後再試。</translation>
    </message>
    <message>
        <source>“{repo}” holds no GGUF file.</source>
        <translation>「{repo}」中沒有 GGUF 檔案。</translation>
    </message>
    <message>
        <source>Look for a repository whose name ends in GGUF.</source>
        <translation>請尋找名稱以 GGUF 結尾的儲存庫。</translation>
    </message>
    <message>
        <source>“{endpoint}” is not an https address.</source>
        <translation>「{endpoint}」不是 https 位址。</translation>
    </message>
    <message>
        <source>Use an address that starts with https://.</source>
        <translation>請使用以 https:// 開頭的位址。</translation>
    </message>
    <message>
        <source>“{text}” is not the name of a repository.</source>
        <translation>「{text}」不是儲存庫名稱。</translation>
    </message>
    <message>
        <source>Write it as owner/name, or paste its address.</source>
        <translation>請寫成「擁有者/名稱」，或貼上其網址。</translation>
    </message>
    <message>
        <source>There is not enough room: {needed} are needed, {available} are free.</source>
        <translation>空間不足：需要 {needed}，可用 {available}。</translation>
    </message>
    <message>
        <source>Free some space on the disk of {path}, then try again.</source>
        <translation>請在 {path} 所在磁碟騰出空間後再試。</translation>
    </message>
    <message>
        <source>The disk of {path} can&apos;t hold a file of {size}.</source>
        <translation>{path} 所在磁碟無法存放 {size} 的檔案。</translation>
    </message>
    <message>
        <source>Choose a data folder on a disk without that limit; FAT32 disks end at 4 GB.</source>
        <translation>請把資料目錄放在沒有此限制的磁碟上；FAT32 磁碟的上限是 4 GB。</translation>
    </message>
    <message>
        <source>{path} can&apos;t be written ({detail}). What arrived is kept.</source>
        <translation>無法寫入 {path}（{detail}）。已到達的內容已保留。</translation>
    </message>
    <message>
        <source>Check the disk and the rights of the folder, then press Resume.</source>
        <translation>請檢查磁碟和資料夾權限，然後按「繼續」。</translation>
    </message>
    <message>
        <source>There is no download “{download}”.</source>
        <translation>沒有下載項目「{download}」。</translation>
    </message>
    <message>
        <source>Start it again from its repository.</source>
        <translation>請從其儲存庫重新開始。</translation>
    </message>
    <message>
        <source>“{name}” arrived damaged: its checksum is not the one that {host} states.</source>
        <translation>「{name}」已損壞：其總和檢查碼與 {host} 聲明的不符。</translation>
    </message>
    <message>
        <source>Download it again.</source>
        <translation>請重新下載。</translation>
    </message>
    <message>
        <source>“{name}” has {actual} bytes, but {host} states {expected}.</source>
        <translation>「{name}」有 {actual} 位元組，但 {host} 聲明為 {expected} 位元組。</translation>
    </message>
    <message>
        <source>The download of “{name}” was interrupted. What arrived is kept.</source>
        <translation>「{name}」的下載被中斷，已到達的內容已保留。</translation>
    </message>
    <message>
        <source>Press Resume.</source>
        <translation>請按「繼續」。</translation>
    </message>
    <message>
        <source>This computer offers no keyring ({detail}).</source>
        <translation>本機沒有可用的金鑰圈（{detail}）。</translation>
    </message>
    <message>
        <source>Choose a passphrase, or keep the chats unencrypted.</source>
        <translation>請設定密語，或不加密保存對話。</translation>
    </message>
    <message>
        <source>The keyring is locked.</source>
        <translation>金鑰圈已鎖定。</translation>
    </message>
    <message>
        <source>Unlock it and try again, or use your recovery code.</source>
        <translation>請解鎖後再試，或使用復原碼。</translation>
    </message>
    <message>
        <source>The key to your chats is not in the keyring any more.</source>
        <translation>您對話的金鑰已不在金鑰圈中。</translation>
    </message>
    <message>
        <source>Enter your recovery code.</source>
        <translation>請輸入您的復原碼。</translation>
    </message>
    <message>
        <source>This passphrase does not open your chats.</source>
        <translation>此密語無法開啟您的對話。</translation>
    </message>
    <message>
        <source>Try again, or use your recovery code.</source>
        <translation>請再試一次，或使用復原碼。</translation>
    </message>
    <message>
        <source>This recovery code does not open these chats.</source>
        <translation>此復原碼無法開啟這些對話。</translation>
    </message>
    <message>
        <source>Check each group of characters.</source>
        <translation>請檢查每一組字元。</translation>
    </message>
    <message>
        <source>The chats in {path} can&apos;t be read ({detail}). Nothing was changed.</source>
        <translation>無法讀取 {path} 中的對話（{detail}）。沒有任何變更。</translation>
    </message>
    <message>
        <source>Restore a backup from the folder beside it, or start with another data folder.</source>
        <translation>請從旁邊的資料夾還原備份，或使用其他資料目錄啟動。</translation>
    </message>
    <message>
        <source>The chats in {path} were written by a newer version of Hearth.</source>
        <translation>{path} 中的對話由較新版本的 Hearth 寫入。</translation>
    </message>
    <message>
        <source>Install the newer version. Nothing was changed.</source>
        <translation>請安裝較新的版本。沒有任何變更。</translation>
    </message>
    <message>
        <source>Your chats can&apos;t be saved ({detail}). Your text stays in the editor.</source>
        <translation>無法儲存您的對話（{detail}）。您的文字仍在編輯框中。</translation>
    </message>
    <message>
        <source>Free some space on the disk, then send again.</source>
        <translation>請騰出磁碟空間後再次傳送。</translation>
    </message>
    <message>
        <source>Hearth is already open with the data folder {path}.</source>
        <translation>Hearth 已在使用資料目錄 {path}。</translation>
    </message>
    <message>
        <source>Use the window that is open, or start with another data folder.</source>
        <translation>請使用已開啟的視窗，或使用其他資料目錄啟動。</translation>
    </message>
    <message>
        <source>This chat is still being answered.</source>
        <translation>此對話仍在回答中。</translation>
    </message>
    <message>
        <source>Wait for the end of the answer, or stop it.</source>
        <translation>請等待回答結束，或停止它。</translation>
    </message>
    <message>
        <source>The chats are locked.</source>
        <translation>對話已鎖定。</translation>
    </message>
    <message>
        <source>Unlock them first.</source>
        <translation>請先解鎖。</translation>
    </message>
    <message>
        <source>This chat is not there any more.</source>
        <translation>此對話已不存在。</translation>
    </message>
    <message>
        <source>Choose another chat.</source>
        <translation>請選擇其他對話。</translation>
    </message>
    <message>
        <source>The settings in {path} can&apos;t be read; defaults are in force.</source>
        <translation>無法讀取 {path} 中的設定，已使用預設值。</translation>
    </message>
    <message>
        <source>The old file was kept as {kept}.</source>
        <translation>舊檔案已保留為 {kept}。</translation>
    </message>
    <message>
        <source>Unlock it and try again.</source>
        <translation>請解鎖後再試一次。</translation>
    </message>
    <message>
        <source>Bring the keyring back from a backup, then try again. Nothing was changed.</source>
        <translation>請從備份還原金鑰圈，然後再試一次。未作任何變更。</translation>
    </message>
    <message>
        <source>The engine could not be started.</source>
        <translation>無法啟動引擎。</translation>
    </message>
    <message>
        <source>The engine stopped while it was loading the model.</source>
        <translation>引擎在載入模型時停止了。</translation>
    </message>
    <message>
        <source>The engine refused the request.</source>
        <translation>引擎拒絕了該要求。</translation>
    </message>
    <message>
        <source>The engine failed.</source>
        <translation>引擎發生錯誤。</translation>
    </message>
    <message>
        <source>The conversation has more tokens than the model&apos;s context holds.</source>
        <translation>對話的詞元數超過了模型上下文的容量。</translation>
    </message>
    <message>
        <source>The model&apos;s chat template failed.</source>
        <translation>模型的對話範本發生錯誤。</translation>
    </message>
    <message>
        <source>The model is not on this computer any more.</source>
        <translation>該模型已不在這台電腦上。</translation>
    </message>
    <message>
        <source>The file can&apos;t be used as a model.</source>
        <translation>該檔案無法作為模型使用。</translation>
    </message>
    <message>
        <source>A part of the model is missing.</source>
        <translation>缺少模型的一部分。</translation>
    </message>
    <message>
        <source>The model needs more memory than is free.</source>
        <translation>模型需要的記憶體超過可用記憶體。</translation>
    </message>
    <message>
        <source>Something went wrong.</source>
        <translation>出了點問題。</translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation>請再試一次。</translation>
    </message>
</context>
<context>
    <name>Greeting</name>
    <message>
        <source>How do I add a model?</source>
        <translation>怎麼新增模型？</translation>
    </message>
    <message>
        <source>Is it private?</source>
        <translation>我的隱私安全嗎？</translation>
    </message>
    <message>
        <source>What can you do?</source>
        <translation>你能做什麼？</translation>
    </message>
    <message>
        <source>Ask about a text you paste</source>
        <translation>針對一段英文文字提問</translation>
    </message>
    <message>
        <source>Your chats stay on this computer, encrypted, in this folder:</source>
        <translation>您的對話加密保存在本機的這個資料夾中：</translation>
    </message>
    <message>
        <source>Your chats stay on this computer, not encrypted, in this folder:</source>
        <translation>您的對話保存在本機的這個資料夾中，未加密：</translation>
    </message>
</context>
<context>
    <name>GuideActions</name>
    <message>
        <source>Open Models</source>
        <translation>開啟「模型」</translation>
    </message>
    <message>
        <source>Add a model</source>
        <translation>新增模型</translation>
    </message>
    <message>
        <source>Open a GGUF file…</source>
        <translation>開啟 GGUF 檔案…</translation>
    </message>
    <message>
        <source>Open Settings</source>
        <translation>開啟「設定」</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>新對話</translation>
    </message>
    <message>
        <source>Search chats</source>
        <translation>搜尋對話</translation>
    </message>
    <message>
        <source>Make a recovery code</source>
        <translation>產生復原碼</translation>
    </message>
</context>
<context>
    <name>GuideCard</name>
    <message>
        <source>Guide (built in)</source>
        <translation>嚮導（內建）</translation>
    </message>
    <message>
        <source>Answers questions about Hearth while no other model is here.</source>
        <translation>沒有其他模型時，回答有關 Hearth 的問題。</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>隱藏</translation>
    </message>
    <message>
        <source>Hide the Guide</source>
        <translation>隱藏嚮導</translation>
    </message>
</context>
<context>
    <name>Header</name>
    <message>
        <source>Show the chats</source>
        <translation>顯示對話清單</translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation>在本機</translation>
    </message>
    <message>
        <source>The model runs on this computer. What you write stays here.</source>
        <translation>模型在本機執行，您寫的內容不會離開這裡。</translation>
    </message>
    <message>
        <source>Encrypted</source>
        <translation>已加密</translation>
    </message>
    <message>
        <source>Your chats are kept in an encrypted file.</source>
        <translation>您的對話保存在加密檔案中。</translation>
    </message>
</context>
<context>
    <name>InstalledCard</name>
    <message>
        <source>In use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Use {name}</source>
        <translation>使用 {name}</translation>
    </message>
    <message>
        <source>Remove {name}</source>
        <translation>移除 {name}</translation>
    </message>
    <message>
        <source>opened from this disk</source>
        <translation>從本機磁碟開啟</translation>
    </message>
    <message>
        <source>✓ checksum verified</source>
        <translation>✓ 已驗證總和檢查碼</translation>
    </message>
    <message>
        <source>Remove model</source>
        <translation>移除模型</translation>
    </message>
    <message>
        <source>Remove {name}?</source>
        <translation>要移除 {name} 嗎？</translation>
    </message>
    <message>
        <source>Its file is deleted, which frees {size}. Chats stay.</source>
        <translation>將刪除其檔案，釋出 {size}。對話會保留。</translation>
    </message>
    <message>
        <source>Delete {size}</source>
        <translation>刪除 {size}</translation>
    </message>
    <message>
        <source>Hearth forgets it. The file itself stays where it is.</source>
        <translation>Hearth 將不再記住它，檔案本身留在原處。</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>忘記</translation>
    </message>
</context>
<context>
    <name>LinkOpener</name>
    <message>
        <source>Link</source>
        <translation>連結</translation>
    </message>
    <message>
        <source>This link is not opened: it leads neither to the web nor to mail.</source>
        <translation>不會開啟此連結：它既不指向網頁也不指向郵件。</translation>
    </message>
    <message>
        <source>Open a link to {host}?</source>
        <translation>要開啟指向 {host} 的連結嗎？</translation>
    </message>
    <message>
        <source>Open in browser</source>
        <translation>在瀏覽器中開啟</translation>
    </message>
</context>
<context>
    <name>Markdown</name>
    <message>
        <source>[picture: {words}]</source>
        <translation>[圖片：{words}]</translation>
    </message>
    <message>
        <source>[picture]</source>
        <translation>[圖片]</translation>
    </message>
</context>
<context>
    <name>ModelPill</name>
    <message>
        <source>Choose a model</source>
        <translation>選擇模型</translation>
    </message>
    <message>
        <source>not loaded</source>
        <translation>未載入</translation>
    </message>
    <message>
        <source>loading {percent}</source>
        <translation>載入中 {percent}</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>就緒</translation>
    </message>
    <message>
        <source>could not be loaded</source>
        <translation>無法載入</translation>
    </message>
    <message>
        <source>Model {name}, {state}</source>
        <translation>模型 {name}，{state}</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>嚮導</translation>
    </message>
    <message>
        <source>built in</source>
        <translation>內建</translation>
    </message>
    <message>
        <source>Add model…</source>
        <translation>新增模型…</translation>
    </message>
    <message>
        <source>Open a GGUF file…</source>
        <translation>開啟 GGUF 檔案…</translation>
    </message>
    <message>
        <source>Free its memory</source>
        <translation>釋放其記憶體</translation>
    </message>
</context>
<context>
    <name>ModelsController</name>
    <message>
        <source>Open a GGUF file</source>
        <translation>開啟 GGUF 檔案</translation>
    </message>
    <message>
        <source>Models (*.gguf)</source>
        <translation>模型 (*.gguf)</translation>
    </message>
    <message>
        <source>The Guide is hidden.</source>
        <translation>嚮導已隱藏。</translation>
    </message>
    <message>
        <source>Settings can show it again.</source>
        <translation>可以在「設定」中重新顯示。</translation>
    </message>
    <message>
        <source>Restart engine</source>
        <translation>重新啟動引擎</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Downloads</source>
        <translation>下載</translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation>在本機</translation>
    </message>
    <message>
        <source>No model is here yet. Name a repository above, or open a file.</source>
        <translation>這裡還沒有模型。請在上方填寫儲存庫，或開啟一個檔案。</translation>
    </message>
</context>
<context>
    <name>Notice</name>
    <message>
        <source>Close</source>
        <translation>關閉</translation>
    </message>
</context>
<context>
    <name>OfferCard</name>
    <message>
        <source>Choose another model</source>
        <translation>選擇其他模型</translation>
    </message>
    <message>
        <source>about {number} min at {speed} Mbit/s</source>
        <translation>以 {speed} Mbit/s 約需 {number} 分鐘</translation>
    </message>
    <message>
        <source>The model is here. Your question is answered once it is loaded.</source>
        <translation>模型已就緒，載入後會回答您的問題。</translation>
    </message>
    <message>
        <source>Download {size}</source>
        <translation>下載 {size}</translation>
    </message>
    <message>
        <source>Asking the Hub…</source>
        <translation>正在詢問 Hub…</translation>
    </message>
    <message>
        <source>Download {name}, {size}</source>
        <translation>下載 {name}，{size}</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重試</translation>
    </message>
</context>
<context>
    <name>PassphraseDialog</name>
    <message>
        <source>Change passphrase</source>
        <translation>變更密語</translation>
    </message>
    <message>
        <source>New passphrase</source>
        <translation>新密語</translation>
    </message>
    <message>
        <source>New passphrase again</source>
        <translation>再次輸入新密語</translation>
    </message>
    <message>
        <source>Use this passphrase</source>
        <translation>使用此密語</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message numerus="yes">
        <source>Take at least %Ln characters.</source>
        <translation>
            <numerusform>請至少使用 %Ln 個字元。</numerusform>
        </translation>
    </message>
    <message>
        <source>The two passphrases differ.</source>
        <translation>兩次輸入的密語不一致。</translation>
    </message>
</context>
<context>
    <name>PreferencesController</name>
    <message>
        <source>Appearance</source>
        <translation>外觀</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Hub</source>
        <translation>Hub</translation>
    </message>
    <message>
        <source>Your data</source>
        <translation>您的資料</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟隨系統</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>淺色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主題</translation>
    </message>
    <message>
        <source>Light, dark, or as the system is.</source>
        <translation>淺色、深色，或跟隨系統。</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>語言</translation>
    </message>
    <message>
        <source>The language of the window, from the next start.</source>
        <translation>視窗的語言，下次啟動時生效。</translation>
    </message>
    <message>
        <source>Hearth will speak it from the next start.</source>
        <translation>Hearth 將從下次啟動起使用該語言。</translation>
    </message>
    <message>
        <source>the model&apos;s own</source>
        <translation>模型自身的值</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>Tokens that a conversation can hold. More need more memory; it holds from the next time a model is loaded.</source>
        <translation>一個對話能容納的詞元數。越多占用記憶體越多；下次載入模型時生效。</translation>
    </message>
    <message>
        <source>Show the Guide</source>
        <translation>顯示嚮導</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>嚮導</translation>
    </message>
    <message>
        <source>Answers questions about Hearth while no other model is here.</source>
        <translation>沒有其他模型時，回答有關 Hearth 的問題。</translation>
    </message>
    <message>
        <source>Address of the Hub</source>
        <translation>Hub 的位址</translation>
    </message>
    <message>
        <source>Where models are looked up. Nothing is asked there until you ask for it.</source>
        <translation>在這裡查找模型。除非您要求，否則不會向其發出任何請求。</translation>
    </message>
    <message>
        <source>hf_…</source>
        <translation>hf_…</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>儲存</translation>
    </message>
    <message>
        <source>Save the access token</source>
        <translation>儲存存取權杖</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>忘記</translation>
    </message>
    <message>
        <source>Forget the access token</source>
        <translation>忘記存取權杖</translation>
    </message>
    <message>
        <source>The token is in the keyring.</source>
        <translation>權杖已存入金鑰圈。</translation>
    </message>
    <message>
        <source>The token is forgotten.</source>
        <translation>權杖已忘記。</translation>
    </message>
    <message>
        <source>Access token</source>
        <translation>存取權杖</translation>
    </message>
    <message>
        <source>For models that ask for it. It is kept in the system&apos;s keyring only.</source>
        <translation>用於需要它的模型，僅保存在系統金鑰圈中。</translation>
    </message>
    <message>
        <source>Data folder</source>
        <translation>資料目錄</translation>
    </message>
    <message>
        <source>Everything that Hearth writes lies here.</source>
        <translation>Hearth 寫入的一切都在這裡。</translation>
    </message>
    <message>
        <source>Make a recovery code</source>
        <translation>產生復原碼</translation>
    </message>
    <message>
        <source>Recovery code</source>
        <translation>復原碼</translation>
    </message>
    <message>
        <source>Opens your chats when their key is lost. A new code replaces the old one.</source>
        <translation>金鑰遺失時可開啟您的對話。新代碼會取代舊代碼。</translation>
    </message>
    <message>
        <source>Change passphrase…</source>
        <translation>變更密語…</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>密語</translation>
    </message>
    <message>
        <source>Lock your chats with a passphrase of your own.</source>
        <translation>用您自己的密語鎖定對話。</translation>
    </message>
    <message>
        <source>Your chats open with the new passphrase.</source>
        <translation>您的對話現在以新密語開啟。</translation>
    </message>
    <message>
        <source>This value can&apos;t be used.</source>
        <translation>無法使用此值。</translation>
    </message>
    <message>
        <source>The old one stays in force.</source>
        <translation>仍沿用舊值。</translation>
    </message>
    <message>
        <source>The settings can&apos;t be written.</source>
        <translation>無法寫入設定。</translation>
    </message>
</context>
<context>
    <name>PreferencesPage</name>
    <message>
        <source>Settings</source>
        <translation>設定</translation>
    </message>
    <message>
        <source>Search settings</source>
        <translation>搜尋設定</translation>
    </message>
    <message>
        <source>No setting has these words.</source>
        <translation>沒有包含這些字詞的設定。</translation>
    </message>
</context>
<context>
    <name>RecoveryDialog</name>
    <message>
        <source>Recovery code</source>
        <translation>復原碼</translation>
    </message>
    <message>
        <source>Keep a way back to your chats</source>
        <translation>為您的對話留一條後路</translation>
    </message>
    <message>
        <source>Your chats are encrypted. If this computer loses their key, only a recovery code opens them. It is shown once; keep it outside this computer.</source>
        <translation>您的對話已加密。如果本機遺失了金鑰，只有復原碼能開啟它們。代碼只顯示一次，請保存在本機之外。</translation>
    </message>
    <message>
        <source>Make a recovery code</source>
        <translation>產生復原碼</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>暫不</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>複製</translation>
    </message>
    <message>
        <source>Save to a file…</source>
        <translation>儲存到檔案…</translation>
    </message>
    <message>
        <source>I have kept it</source>
        <translation>我已保存好</translation>
    </message>
    <message>
        <source>The file could not be written.</source>
        <translation>無法寫入檔案。</translation>
    </message>
    <message>
        <source>The code was saved.</source>
        <translation>代碼已儲存。</translation>
    </message>
    <message>
        <source>The code was copied.</source>
        <translation>代碼已複製。</translation>
    </message>
    <message>
        <source>hearth-recovery-code.txt</source>
        <translation>hearth-recovery-code.txt</translation>
    </message>
</context>
<context>
    <name>Report</name>
    <message>
        <source>Something unforeseen happened</source>
        <translation>發生了意外狀況</translation>
    </message>
    <message>
        <source>This is a mistake in Hearth, not yours. Your chats are safe.</source>
        <translation>這是 Hearth 的錯誤，不是您的。您的對話是安全的。</translation>
    </message>
    <message>
        <source>You can go on. The details below help to mend it; nothing was sent.</source>
        <translation>您可以繼續使用。下面的詳情有助於修復它；沒有傳送任何內容。</translation>
    </message>
</context>
<context>
    <name>Session</name>
    <message>
        <source>Your chats are not encrypted, so they need no recovery code.</source>
        <translation>您的對話沒有加密，所以不需要復原碼。</translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message>
        <source>New chat</source>
        <translation>新對話</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>設定</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>對話</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重新命名</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>刪除</translation>
    </message>
    <message>
        <source>Search chats</source>
        <translation>搜尋對話</translation>
    </message>
    <message>
        <source>No chat has these words in its title.</source>
        <translation>沒有標題包含這些字詞的對話。</translation>
    </message>
    <message>
        <source>Your chats will stand here.</source>
        <translation>您的對話會顯示在這裡。</translation>
    </message>
</context>
<context>
    <name>Statistics</name>
    <message>
        <source>{number} tokens/s</source>
        <translation>{number} 詞元/秒</translation>
    </message>
    <message>
        <source>first word after {number} s</source>
        <translation>{number} 秒後出首詞</translation>
    </message>
    <message>
        <source>stopped by you</source>
        <translation>由您停止</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>已中斷</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失敗</translation>
    </message>
    <message>
        <source>reached the limit</source>
        <translation>達到上限</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>已完成</translation>
    </message>
</context>
<context>
    <name>TitleEdit</name>
    <message>
        <source>Title of the chat</source>
        <translation>對話標題</translation>
    </message>
</context>
<context>
    <name>UndoBar</name>
    <message>
        <source>Undo</source>
        <translation>復原</translation>
    </message>
    <message numerus="yes">
        <source>%Ln chats deleted</source>
        <translation>
            <numerusform>已刪除 %Ln 個對話</numerusform>
        </translation>
    </message>
    <message>
        <source>Chat deleted</source>
        <translation>對話已刪除</translation>
    </message>
</context>
<context>
    <name>UnlockPage</name>
    <message>
        <source>Opening your chats…</source>
        <translation>正在開啟您的對話…</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>密語</translation>
    </message>
    <message>
        <source>Passphrase again</source>
        <translation>再次輸入密語</translation>
    </message>
    <message>
        <source>Recovery code</source>
        <translation>復原碼</translation>
    </message>
    <message>
        <source>Open with recovery code</source>
        <translation>用復原碼開啟</translation>
    </message>
    <message>
        <source>Try the keyring again</source>
        <translation>再次嘗試金鑰圈</translation>
    </message>
    <message>
        <source>Keep the chats unencrypted</source>
        <translation>不加密保存對話</translation>
    </message>
    <message>
        <source>Use this passphrase</source>
        <translation>使用此密語</translation>
    </message>
    <message>
        <source>Open my chats</source>
        <translation>開啟我的對話</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>再試一次</translation>
    </message>
    <message>
        <source>Then everyone who can read this computer&apos;s files can read your chats.</source>
        <translation>如此一來，任何能讀取本機檔案的人都能讀到您的對話。</translation>
    </message>
    <message>
        <source>How should your chats be locked?</source>
        <translation>您想如何鎖定對話？</translation>
    </message>
    <message>
        <source>Hearth keeps your chats in an encrypted file. Usually the system&apos;s keyring holds its key; here it can&apos;t. Choose a passphrase instead.</source>
        <translation>Hearth 將您的對話保存在加密檔案中。通常由系統金鑰圈保管金鑰，但此處無法使用。請改為設定密語。</translation>
    </message>
    <message>
        <source>Your chats are locked</source>
        <translation>您的對話已鎖定</translation>
    </message>
    <message>
        <source>Nothing is lost. They open with their key.</source>
        <translation>什麼都沒有遺失，有金鑰即可開啟。</translation>
    </message>
    <message>
        <source>This passphrase is too short to protect anything.</source>
        <translation>此密語太短，起不到保護作用。</translation>
    </message>
    <message numerus="yes">
        <source>Take at least %Ln characters.</source>
        <translation>
            <numerusform>請至少使用 %Ln 個字元。</numerusform>
        </translation>
    </message>
    <message>
        <source>The two passphrases differ.</source>
        <translation>兩次輸入的密語不一致。</translation>
    </message>
    <message>
        <source>Type both again.</source>
        <translation>請重新輸入兩次。</translation>
    </message>
</context>
<context>
    <name>UserRow</name>
    <message>
        <source>Your message</source>
        <translation>您的訊息</translation>
    </message>
</context>
<context>
    <name>Welcome</name>
    <message>
        <source>New chat</source>
        <translation>新對話</translation>
    </message>
    <message>
        <source>For everything else, add a model:</source>
        <translation>想做更多，請新增模型：</translation>
    </message>
    <message>
        <source>Add model</source>
        <translation>新增模型</translation>
    </message>
    <message>
        <source>Open a GGUF file…</source>
        <translation>開啟 GGUF 檔案…</translation>
    </message>
    <message>
        <source>What is on your mind?</source>
        <translation>您在想什麼？</translation>
    </message>
    <message>
        <source>The model answers on this computer, also without a network.</source>
        <translation>模型在本機作答，沒有網路也可以。</translation>
    </message>
    <message>
        <source>Hello, this is the Guide</source>
        <translation>您好，我是嚮導</translation>
    </message>
    <message>
        <source>I am built into Hearth and need no download. Ask me how Hearth works, or about a text that you paste; small talk is fine too.</source>
        <translation>我內建在 Hearth 中，無需下載。可以問我 Hearth 怎麼用，也可以貼上一段英文文字來提問，或者隨便聊幾句。</translation>
    </message>
    <message>
        <source>First, a model</source>
        <translation>首先，選一個模型</translation>
    </message>
    <message>
        <source>Hearth runs open models on this computer. Download one from a Hub, or open a GGUF file that you have.</source>
        <translation>Hearth 在本機執行開放模型。請從 Hub 下載一個，或開啟您已有的 GGUF 檔案。</translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message>
        <source>{number} %</source>
        <translation>{number}%</translation>
    </message>
    <message>
        <source>{size}/s</source>
        <translation>{size}/秒</translation>
    </message>
    <message>
        <source>{number}k</source>
        <translation>{number}k</translation>
    </message>
    <message>
        <source>about {number} s left</source>
        <translation>剩餘約 {number} 秒</translation>
    </message>
    <message>
        <source>about {number} min left</source>
        <translation>剩餘約 {number} 分鐘</translation>
    </message>
    <message>
        <source>about {number} h left</source>
        <translation>剩餘約 {number} 小時</translation>
    </message>
</context>
</TS>
