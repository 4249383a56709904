<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fa" sourcelanguage="en">
<context>
    <name>AddCard</name>
    <message>
        <source>Add model</source>
        <translation>افزودن مدل</translation>
    </message>
    <message>
        <source>owner/name, or its address</source>
        <translation>صاحب/نام، یا نشانی آن</translation>
    </message>
    <message>
        <source>Repository</source>
        <translation>مخزن</translation>
    </message>
    <message>
        <source>Find files</source>
        <translation>یافتن فایل‌ها</translation>
    </message>
    <message>
        <source>Open a GGUF file…</source>
        <translation>باز کردن فایل GGUF…</translation>
    </message>
    <message>
        <source>Asking the Hub…</source>
        <translation>در حال پرسش از هاب…</translation>
    </message>
    <message numerus="yes">
        <source>%Ln GGUF files in</source>
        <translation>
            <numerusform>%Ln فایل GGUF در</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln parts</source>
        <translation>
            <numerusform>%Ln بخش</numerusform>
        </translation>
    </message>
    <message>
        <source>Download {size}</source>
        <translation>دریافت {size}</translation>
    </message>
    <message>
        <source>Download {file}, {size}</source>
        <translation>دریافت {file}، {size}</translation>
    </message>
</context>
<context>
    <name>AnswerRow</name>
    <message>
        <source>Answer</source>
        <translation>پاسخ</translation>
    </message>
    <message>
        <source>Copy answer</source>
        <translation>رونوشت پاسخ</translation>
    </message>
    <message>
        <source>Reading the conversation: {percent}</source>
        <translation>در حال خواندن گفت‌وگو: {percent}</translation>
    </message>
    <message>
        <source>Answer: {how}</source>
        <translation>پاسخ: {how}</translation>
    </message>
    <message>
        <source>Writing…</source>
        <translation>در حال نوشتن…</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>راهنما</translation>
    </message>
    <message numerus="yes">
        <source>%Ln tokens</source>
        <translation>
            <numerusform>%Ln توکن</numerusform>
        </translation>
    </message>
    <message>
        <source>This answer was interrupted. What was written is kept.</source>
        <translation>این پاسخ نیمه‌کاره ماند. آنچه نوشته شده نگه داشته شده است.</translation>
    </message>
    <message>
        <source>Ask again to get a whole one.</source>
        <translation>برای پاسخ کامل، دوباره بپرسید.</translation>
    </message>
</context>
<context>
    <name>CardLayer</name>
    <message>
        <source>Copy {language}</source>
        <translation>رونوشت {language}</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>رونوشت</translation>
    </message>
    <message>
        <source>code</source>
        <translation>کد</translation>
    </message>
</context>
<context>
    <name>ChatController</name>
    <message>
        <source>New chat</source>
        <translation>گفت‌وگوی تازه</translation>
    </message>
</context>
<context>
    <name>ChatDelegate</name>
    <message>
        <source>New title</source>
        <translation>عنوان تازه</translation>
    </message>
</context>
<context>
    <name>ChatList</name>
    <message>
        <source>Chats</source>
        <translation>گفت‌وگوها</translation>
    </message>
</context>
<context>
    <name>ChatListModel</name>
    <message>
        <source>New chat</source>
        <translation>گفت‌وگوی تازه</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>امروز</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>دیروز</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>۷ روز گذشته</translation>
    </message>
    <message>
        <source>Earlier</source>
        <translation>پیش‌تر</translation>
    </message>
</context>
<context>
    <name>ColumnPage</name>
    <message>
        <source>Show the chats</source>
        <translation>نمایش گفت‌وگوها</translation>
    </message>
    <message>
        <source>Back to the chat</source>
        <translation>بازگشت به گفت‌وگو</translation>
    </message>
</context>
<context>
    <name>Composer</name>
    <message>
        <source>Message</source>
        <translation>پیام</translation>
    </message>
    <message>
        <source>Ask anything</source>
        <translation>هر چه می‌خواهید بپرسید</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>فرستادن</translation>
    </message>
    <message>
        <source>Ask the Guide</source>
        <translation>از راهنما بپرسید</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>توقف</translation>
    </message>
</context>
<context>
    <name>ContextRing</name>
    <message>
        <source>{used} of {total}</source>
        <translation>{used} از {total}</translation>
    </message>
    <message>
        <source>The conversation fills {used} of the {total} tokens of the context.</source>
        <translation>گفت‌وگو {used} توکن از {total} توکن بافت را پر کرده است.</translation>
    </message>
</context>
<context>
    <name>Conversation</name>
    <message>
        <source>Conversation</source>
        <translation>گفت‌وگو</translation>
    </message>
    <message>
        <source>Go to the end</source>
        <translation>رفتن به پایان</translation>
    </message>
</context>
<context>
    <name>DownloadRow</name>
    <message>
        <source>Pause</source>
        <translation>مکث</translation>
    </message>
    <message>
        <source>Cancel download</source>
        <translation>لغو دریافت</translation>
    </message>
    <message>
        <source>Progress of {file}</source>
        <translation>پیشرفت {file}</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>ادامه</translation>
    </message>
    <message>
        <source>{received} of {total}</source>
        <translation>{received} از {total}</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>در انتظار</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>مکث‌شده</translation>
    </message>
    <message>
        <source>checking what arrived</source>
        <translation>در حال بررسی آنچه رسیده</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>متوقف‌شده</translation>
    </message>
</context>
<context>
    <name>DropHint</name>
    <message>
        <source>Drop the file to use it as a model</source>
        <translation>فایل را رها کنید تا به‌عنوان مدل به کار رود</translation>
    </message>
</context>
<context>
    <name>Errors</name>
    <message>
        <source>No window can be opened ({detail}).</source>
        <translation>پنجره‌ای باز نمی‌شود ({detail}).</translation>
    </message>
    <message>
        <source>Start Hearth on a desktop.</source>
        <translation>‏Hearth را در یک میزکار اجرا کنید.</translation>
    </message>
    <message>
        <source>{path} can&apos;t be written ({detail}).</source>
        <translation>در {path} نمی‌توان نوشت ({detail}).</translation>
    </message>
    <message>
        <source>Choose another place.</source>
        <translation>جای دیگری برگزینید.</translation>
    </message>
    <message>
        <source>This message is not there any more.</source>
        <translation>این پیام دیگر آنجا نیست.</translation>
    </message>
    <message>
        <source>Open the chat again.</source>
        <translation>گفت‌وگو را دوباره باز کنید.</translation>
    </message>
    <message>
        <source>The engine could not be started ({detail}).</source>
        <translation>موتور راه نیفتاد ({detail}).</translation>
    </message>
    <message>
        <source>Start Hearth again. If it happens again, run “hearth doctor” in a terminal.</source>
        <translation>‏Hearth را دوباره اجرا کنید. اگر باز هم رخ داد، در پایانه «hearth doctor» را اجرا کنید.</translation>
    </message>
    <message>
        <source>The engine stopped while it was answering. What was written so far is kept.</source>
        <translation>موتور هنگام پاسخ دادن از کار افتاد. آنچه تا اینجا نوشته شده نگه داشته شده است.</translation>
    </message>
    <message>
        <source>Ask again; the engine is being restarted.</source>
        <translation>دوباره بپرسید؛ موتور دوباره راه می‌افتد.</translation>
    </message>
    <message>
        <source>The engine stopped while it was loading “{name}”.</source>
        <translation>موتور هنگام بارگذاری «{name}» از کار افتاد.</translation>
    </message>
    <message>
        <source>Try again; if it happens again, choose another model: this file may be damaged.</source>
        <translation>دوباره تلاش کنید؛ اگر باز هم رخ داد مدل دیگری برگزینید: شاید این فایل آسیب دیده باشد.</translation>
    </message>
    <message>
        <source>The engine stopped three times within two minutes and stays off.</source>
        <translation>موتور در دو دقیقه سه بار از کار افتاد و خاموش می‌ماند.</translation>
    </message>
    <message>
        <source>Choose another model, or restart the engine.</source>
        <translation>مدل دیگری برگزینید یا موتور را دوباره راه بیندازید.</translation>
    </message>
    <message>
        <source>The engine is busy.</source>
        <translation>موتور سرگرم است.</translation>
    </message>
    <message>
        <source>Try again in {retry_after_s} s.</source>
        <translation>{retry_after_s} ثانیهٔ دیگر دوباره تلاش کنید.</translation>
    </message>
    <message>
        <source>The engine refused the request: {detail}.</source>
        <translation>موتور درخواست را نپذیرفت: {detail}.</translation>
    </message>
    <message>
        <source>Change the setting it names.</source>
        <translation>تنظیمی را که نام برده تغییر دهید.</translation>
    </message>
    <message>
        <source>The engine failed: {detail}.</source>
        <translation>موتور ناکام ماند: {detail}.</translation>
    </message>
    <message>
        <source>Try again; if it happens again, run `hearth doctor`.</source>
        <translation>دوباره تلاش کنید؛ اگر باز هم رخ داد `hearth doctor` را اجرا کنید.</translation>
    </message>
    <message>
        <source>The engine was told to do something else first.</source>
        <translation>از موتور خواسته شد نخست کار دیگری بکند.</translation>
    </message>
    <message>
        <source>The conversation has {prompt_tokens} tokens, but the model&apos;s context holds {context_tokens}.</source>
        <translation>گفت‌وگو {prompt_tokens} توکن دارد، اما بافت مدل {context_tokens} توکن جا دارد.</translation>
    </message>
    <message>
        <source>Start a new chat, or shorten the message.</source>
        <translation>گفت‌وگوی تازه‌ای آغاز کنید یا پیام را کوتاه کنید.</translation>
    </message>
    <message>
        <source>The model&apos;s chat template failed: {detail}.</source>
        <translation>قالب گفت‌وگوی مدل کار نکرد: {detail}.</translation>
    </message>
    <message>
        <source>Choose another model; this one may have been made badly.</source>
        <translation>مدل دیگری برگزینید؛ شاید این یکی بد ساخته شده باشد.</translation>
    </message>
    <message>
        <source>There is no model “{model}” on this computer.</source>
        <translation>مدل «{model}» روی این رایانه نیست.</translation>
    </message>
    <message>
        <source>Add it with Add model.</source>
        <translation>آن را با «افزودن مدل» بیفزایید.</translation>
    </message>
    <message>
        <source>No model is installed yet.</source>
        <translation>هنوز مدلی نصب نشده است.</translation>
    </message>
    <message>
        <source>Add one with Add model, or open a GGUF file.</source>
        <translation>با «افزودن مدل» یکی بیفزایید یا فایل GGUF باز کنید.</translation>
    </message>
    <message>
        <source>“{name}” can&apos;t be used as a model: {detail}.</source>
        <translation>‏«{name}» را نمی‌توان به‌عنوان مدل به کار برد: {detail}.</translation>
    </message>
    <message>
        <source>Download it again, or choose another file.</source>
        <translation>دوباره دریافتش کنید یا فایل دیگری برگزینید.</translation>
    </message>
    <message>
        <source>“{name}” is part of a model of {count} files, and {missing} is missing.</source>
        <translation>‏«{name}» بخشی از مدلی با {count} فایل است و {missing} نیست.</translation>
    </message>
    <message>
        <source>Put all parts into one folder.</source>
        <translation>همهٔ بخش‌ها را در یک پوشه بگذارید.</translation>
    </message>
    <message>
        <source>“{name}” needs {needed} of memory, but {available} are free.</source>
        <translation>‏«{name}» به {needed} حافظه نیاز دارد، اما {available} آزاد است.</translation>
    </message>
    <message>
        <source>Close other programs, or choose a smaller model.</source>
        <translation>برنامه‌های دیگر را ببندید یا مدل کوچک‌تری برگزینید.</translation>
    </message>
    <message>
        <source>{host} can&apos;t be reached.</source>
        <translation>‏{host} در دسترس نیست.</translation>
    </message>
    <message>
        <source>Check the network connection, then try again.</source>
        <translation>اتصال شبکه را بررسی کنید و دوباره تلاش کنید.</translation>
    </message>
    <message>
        <source>{host} asks for an access token for “{repo}”, or the token is wrong.</source>
        <translation>‏{host} برای «{repo}» توکن دسترسی می‌خواهد، یا توکن نادرست است.</translation>
    </message>
    <message>
        <source>Enter an access token in Settings.</source>
        <translation>در تنظیمات توکن دسترسی وارد کنید.</translation>
    </message>
    <message>
        <source>“{repo}” is open only to those who accepted its terms.</source>
        <translation>‏«{repo}» تنها برای کسانی باز است که شرایطش را پذیرفته‌اند.</translation>
    </message>
    <message>
        <source>Accept the terms on its page, then enter your access token.</source>
        <translation>شرایط را در صفحهٔ آن بپذیرید و سپس توکن دسترسی را وارد کنید.</translation>
    </message>
    <message>
        <source>{host} has no “{what}”.</source>
        <translation>‏«{what}» در {host} نیست.</translation>
    </message>
    <message>
        <source>Check the spelling of the name.</source>
        <translation>املای نام را بررسی کنید.</translation>
    </message>
    <message>
        <source>{host} asks to wait before the next request.</source>
        <translation>‏{host} می‌خواهد پیش از درخواست بعدی صبر کنید.</translation>
    </message>
    <message>
        <source>{host} answered with an error ({detail}).</source>
        <translation>‏{host} با خطا پاسخ داد ({detail}).</translation>
    </message>
    <message>
        <source>Try again later.</source>
        <translation>بعداً دوباره تلاش کنید.</translation>
    </message>
    <message>
        <source>The network&apos;s proxy does not let Hearth reach {host} ({detail}).</source>
        <translation>پروکسی شبکه نمی‌گذارد Hearth به {host} برسد ({detail}).</translation>
    </message>
    <message>
        <source>Check the proxy settings of this computer, then try again.</source>
        <translation>تنظیمات پروکسی این رایانه را بررسی کنید و دوباره تلاش کنید.</translation>
    </message>
    <message>
        <source>The connection to {host} is not private: its certificate is not trusted.</source>
        <translation>اتصال به {host} خصوصی نیست: گواهی آن معتبر نیست.</translation>
    </message>
    <message>
        <source>Check the date of this computer, or use another network.</source>
        <translation>تاریخ این رایانه را بررسی کنید یا از شبکهٔ دیگری استفاده کنید.</translation>
    </message>
    <message>
        <source>{host} answered with a web page, as the sign-in page of a network does.</source>
        <translation>‏{host} با صفحهٔ وب پاسخ داد، مانند صفحهٔ ورود یک شبکه.</translation>
    </message>
    <message>
        <source>Open a browser, sign in to the network, then try again.</source>
        <translation>مرورگر را باز کنید، وارد شبکه شوید و دوباره تلاش کنید.</translation>
    </message>
    <message>
        <source>“{repo}” holds no GGUF file.</source>
        <translation>‏«{repo}» فایل GGUF ندارد.</translation>
    </message>
    <message>
        <source>Look for a repository whose name ends in GGUF.</source>
        <translation>مخزنی را بجویید که نامش به GGUF پایان می‌یابد.</translation>
    </message>
    <message>
        <source>“{endpoint}” is not an https address.</source>
        <translation>‏«{endpoint}» نشانی https نیست.</translation>
    </message>
    <message>
        <source>Use an address that starts with https://.</source>
        <translation>نشانی‌ای به کار ببرید که با https:// آغاز شود.</translation>
    </message>
    <message>
        <source>“{text}” is not the name of a repository.</source>
        <translation>‏«{text}» نام مخزن نیست.</translation>
    </message>
    <message>
        <source>Write it as owner/name, or paste its address.</source>
        <translation>به شکل صاحب/نام بنویسید یا نشانی آن را بچسبانید.</translation>
    </message>
    <message>
        <source>There is not enough room: {needed} are needed, {available} are free.</source>
        <translation>جا کافی نیست: {needed} لازم است و {available} آزاد است.</translation>
    </message>
    <message>
        <source>Free some space on the disk of {path}, then try again.</source>
        <translation>در دیسک {path} جا باز کنید و دوباره تلاش کنید.</translation>
    </message>
    <message>
        <source>The disk of {path} can&apos;t hold a file of {size}.</source>
        <translation>دیسک {path} فایلی به اندازهٔ {size} را نمی‌پذیرد.</translation>
    </message>
    <message>
        <source>Choose a data folder on a disk without that limit; FAT32 disks end at 4 GB.</source>
        <translation>پوشهٔ داده را روی دیسکی بدون این محدودیت برگزینید؛ FAT32 تا ۴ گیگابایت است.</translation>
    </message>
    <message>
        <source>{path} can&apos;t be written ({detail}). What arrived is kept.</source>
        <translation>در {path} نمی‌توان نوشت ({detail}). آنچه رسیده نگه داشته شده است.</translation>
    </message>
    <message>
        <source>Check the disk and the rights of the folder, then press Resume.</source>
        <translation>دیسک و دسترسی‌های پوشه را بررسی کنید و سپس «ادامه» را بزنید.</translation>
    </message>
    <message>
        <source>There is no download “{download}”.</source>
        <translation>دریافتی به نام «{download}» نیست.</translation>
    </message>
    <message>
        <source>Start it again from its repository.</source>
        <translation>دوباره از مخزنش آغاز کنید.</translation>
    </message>
    <message>
        <source>“{name}” arrived damaged: its checksum is not the one that {host} states.</source>
        <translation>‏«{name}» آسیب‌دیده رسید: جمع کنترلی آن همانی نیست که {host} اعلام کرده است.</translation>
    </message>
    <message>
        <source>Download it again.</source>
        <translation>دوباره دریافتش کنید.</translation>
    </message>
    <message>
        <source>“{name}” has {actual} bytes, but {host} states {expected}.</source>
        <translation>‏«{name}» دارای {actual} بایت است، اما {host} عدد {expected} را اعلام می‌کند.</translation>
    </message>
    <message>
        <source>The download of “{name}” was interrupted. What arrived is kept.</source>
        <translation>دریافت «{name}» قطع شد. آنچه رسیده نگه داشته شده است.</translation>
    </message>
    <message>
        <source>Press Resume.</source>
        <translation>«ادامه» را بزنید.</translation>
    </message>
    <message>
        <source>This computer offers no keyring ({detail}).</source>
        <translation>این رایانه دسته‌کلیدی ندارد ({detail}).</translation>
    </message>
    <message>
        <source>Choose a passphrase, or keep the chats unencrypted.</source>
        <translation>گذرواژه‌ای برگزینید یا گفت‌وگوها را بدون رمز نگه دارید.</translation>
    </message>
    <message>
        <source>The keyring is locked.</source>
        <translation>دسته‌کلید قفل است.</translation>
    </message>
    <message>
        <source>Unlock it and try again, or use your recovery code.</source>
        <translation>قفلش را باز کنید و دوباره تلاش کنید، یا کد بازیابی را به کار ببرید.</translation>
    </message>
    <message>
        <source>The key to your chats is not in the keyring any more.</source>
        <translation>کلید گفت‌وگوهایتان دیگر در دسته‌کلید نیست.</translation>
    </message>
    <message>
        <source>Enter your recovery code.</source>
        <translation>کد بازیابی خود را وارد کنید.</translation>
    </message>
    <message>
        <source>This passphrase does not open your chats.</source>
        <translation>این گذرواژه گفت‌وگوهایتان را باز نمی‌کند.</translation>
    </message>
    <message>
        <source>Try again, or use your recovery code.</source>
        <translation>دوباره تلاش کنید یا کد بازیابی را به کار ببرید.</translation>
    </message>
    <message>
        <source>This recovery code does not open these chats.</source>
        <translation>این کد بازیابی این گفت‌وگوها را باز نمی‌کند.</translation>
    </message>
    <message>
        <source>Check each group of characters.</source>
        <translation>هر گروه از نویسه‌ها را بررسی کنید.</translation>
    </message>
    <message>
        <source>The chats in {path} can&apos;t be read ({detail}). Nothing was changed.</source>
        <translation>گفت‌وگوهای {path} خوانده نمی‌شوند ({detail}). چیزی تغییر نکرد.</translation>
    </message>
    <message>
        <source>Restore a backup from the folder beside it, or start with another data folder.</source>
        <translation>پشتیبانی را از پوشهٔ کنارش برگردانید یا با پوشهٔ دادهٔ دیگری آغاز کنید.</translation>
    </message>
    <message>
        <source>The chats in {path} were written by a newer version of Hearth.</source>
        <translation>گفت‌وگوهای {path} را نسخهٔ تازه‌تری از Hearth نوشته است.</translation>
    </message>
    <message>
        <source>Install the newer version. Nothing was changed.</source>
        <translation>نسخهٔ تازه‌تر را نصب کنید. چیزی تغییر نکرد.</translation>
    </message>
    <message>
        <source>Your chats can&apos;t be saved ({detail}). Your text stays in the editor.</source>
        <translation>گفت‌وگوهایتان ذخیره نمی‌شوند ({detail}). متن شما در ویرایشگر می‌ماند.</translation>
    </message>
    <message>
        <source>Free some space on the disk, then send again.</source>
        <translation>روی دیسک جا باز کنید و دوباره بفرستید.</translation>
    </message>
    <message>
        <source>Hearth is already open with the data folder {path}.</source>
        <translation>‏Hearth هم‌اکنون با پوشهٔ دادهٔ {path} باز است.</translation>
    </message>
    <message>
        <source>Use the window that is open, or start with another data folder.</source>
        <translation>از پنجرهٔ باز استفاده کنید یا با پوشهٔ دادهٔ دیگری آغاز کنید.</translation>
    </message>
    <message>
        <source>This chat is still being answered.</source>
        <translation>پاسخ این گفت‌وگو هنوز در راه است.</translation>
    </message>
    <message>
        <source>Wait for the end of the answer, or stop it.</source>
        <translation>تا پایان پاسخ صبر کنید یا آن را متوقف کنید.</translation>
    </message>
    <message>
        <source>The chats are locked.</source>
        <translation>گفت‌وگوها قفل‌اند.</translation>
    </message>
    <message>
        <source>Unlock them first.</source>
        <translation>نخست قفلشان را باز کنید.</translation>
    </message>
    <message>
        <source>This chat is not there any more.</source>
        <translation>این گفت‌وگو دیگر آنجا نیست.</translation>
    </message>
    <message>
        <source>Choose another chat.</source>
        <translation>گفت‌وگوی دیگری برگزینید.</translation>
    </message>
    <message>
        <source>The settings in {path} can&apos;t be read; defaults are in force.</source>
        <translation>تنظیمات {path} خوانده نمی‌شود؛ پیش‌فرض‌ها برقرارند.</translation>
    </message>
    <message>
        <source>The old file was kept as {kept}.</source>
        <translation>فایل پیشین با نام {kept} نگه داشته شد.</translation>
    </message>
    <message>
        <source>Unlock it and try again.</source>
        <translation>قفلش را باز کنید و دوباره تلاش کنید.</translation>
    </message>
    <message>
        <source>Bring the keyring back from a backup, then try again. Nothing was changed.</source>
        <translation>دسته‌کلید را از نسخهٔ پشتیبان برگردانید، سپس دوباره تلاش کنید. چیزی تغییر نکرد.</translation>
    </message>
    <message>
        <source>The engine could not be started.</source>
        <translation>موتور راه نیفتاد.</translation>
    </message>
    <message>
        <source>The engine stopped while it was loading the model.</source>
        <translation>موتور هنگام بارگذاری مدل از کار ایستاد.</translation>
    </message>
    <message>
        <source>The engine refused the request.</source>
        <translation>موتور درخواست را نپذیرفت.</translation>
    </message>
    <message>
        <source>The engine failed.</source>
        <translation>موتور ناکام ماند.</translation>
    </message>
    <message>
        <source>The conversation has more tokens than the model&apos;s context holds.</source>
        <translation>گفت‌وگو بیش از گنجایش بافت مدل توکن دارد.</translation>
    </message>
    <message>
        <source>The model&apos;s chat template failed.</source>
        <translation>قالب گفت‌وگوی مدل کار نکرد.</translation>
    </message>
    <message>
        <source>The model is not on this computer any more.</source>
        <translation>این مدل دیگر روی این رایانه نیست.</translation>
    </message>
    <message>
        <source>The file can&apos;t be used as a model.</source>
        <translation>این فایل را نمی‌توان به‌عنوان مدل به کار برد.</translation>
    </message>
    <message>
        <source>A part of the model is missing.</source>
        <translation>بخشی از مدل نیست.</translation>
    </message>
    <message>
        <source>The model needs more memory than is free.</source>
        <translation>مدل به حافظه‌ای بیش از حافظهٔ آزاد نیاز دارد.</translation>
    </message>
    <message>
        <source>Something went wrong.</source>
        <translation>اشکالی پیش آمد.</translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation>دوباره تلاش کنید.</translation>
    </message>
</context>
<context>
    <name>Greeting</name>
    <message>
        <source>How do I add a model?</source>
        <translation>چطور مدل اضافه کنم؟</translation>
    </message>
    <message>
        <source>Is it private?</source>
        <translation>حریم خصوصی‌ام حفظ می‌شود؟</translation>
    </message>
    <message>
        <source>What can you do?</source>
        <translation>چه کارهایی از تو برمی‌آید؟</translation>
    </message>
    <message>
        <source>Ask about a text you paste</source>
        <translation>پرسش دربارهٔ متنی به انگلیسی</translation>
    </message>
    <message>
        <source>Your chats stay on this computer, encrypted, in this folder:</source>
        <translation>گفت‌وگوهایتان رمزگذاری‌شده روی همین رایانه می‌مانند، در این پوشه:</translation>
    </message>
    <message>
        <source>Your chats stay on this computer, not encrypted, in this folder:</source>
        <translation>گفت‌وگوهایتان بدون رمزگذاری روی همین رایانه می‌مانند، در این پوشه:</translation>
    </message>
</context>
<context>
    <name>GuideActions</name>
    <message>
        <source>Open Models</source>
        <translation>باز کردن مدل‌ها</translation>
    </message>
    <message>
        <source>Add a model</source>
        <translation>افزودن مدل</translation>
    </message>
    <message>
        <source>Open a GGUF file…</source>
        <translation>باز کردن فایل GGUF…</translation>
    </message>
    <message>
        <source>Open Settings</source>
        <translation>باز کردن تنظیمات</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>گفت‌وگوی تازه</translation>
    </message>
    <message>
        <source>Search chats</source>
        <translation>جست‌وجوی گفت‌وگوها</translation>
    </message>
    <message>
        <source>Make a recovery code</source>
        <translation>ساختن کد بازیابی</translation>
    </message>
</context>
<context>
    <name>GuideCard</name>
    <message>
        <source>Guide (built in)</source>
        <translation>راهنما (توکار)</translation>
    </message>
    <message>
        <source>Answers questions about Hearth while no other model is here.</source>
        <translation>تا وقتی مدل دیگری نیست، به پرسش‌ها دربارهٔ Hearth پاسخ می‌دهد.</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>پنهان کردن</translation>
    </message>
    <message>
        <source>Hide the Guide</source>
        <translation>پنهان کردن راهنما</translation>
    </message>
</context>
<context>
    <name>Header</name>
    <message>
        <source>Show the chats</source>
        <translation>نمایش گفت‌وگوها</translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation>روی همین رایانه</translation>
    </message>
    <message>
        <source>The model runs on this computer. What you write stays here.</source>
        <translation>مدل روی همین رایانه اجرا می‌شود. آنچه می‌نویسید همین‌جا می‌ماند.</translation>
    </message>
    <message>
        <source>Encrypted</source>
        <translation>رمزگذاری‌شده</translation>
    </message>
    <message>
        <source>Your chats are kept in an encrypted file.</source>
        <translation>گفت‌وگوهایتان در فایلی رمزگذاری‌شده نگه داشته می‌شوند.</translation>
    </message>
</context>
<context>
    <name>InstalledCard</name>
    <message>
        <source>In use</source>
        <translation>در حال استفاده</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>استفاده</translation>
    </message>
    <message>
        <source>Use {name}</source>
        <translation>استفاده از {name}</translation>
    </message>
    <message>
        <source>Remove {name}</source>
        <translation>برداشتن {name}</translation>
    </message>
    <message>
        <source>opened from this disk</source>
        <translation>باز شده از همین دیسک</translation>
    </message>
    <message>
        <source>✓ checksum verified</source>
        <translation>✓ درستی فایل تأیید شد</translation>
    </message>
    <message>
        <source>Remove model</source>
        <translation>برداشتن مدل</translation>
    </message>
    <message>
        <source>Remove {name}?</source>
        <translation>‏{name} برداشته شود؟</translation>
    </message>
    <message>
        <source>Its file is deleted, which frees {size}. Chats stay.</source>
        <translation>فایل آن پاک می‌شود و {size} آزاد می‌شود. گفت‌وگوها می‌مانند.</translation>
    </message>
    <message>
        <source>Delete {size}</source>
        <translation>پاک کردن {size}</translation>
    </message>
    <message>
        <source>Hearth forgets it. The file itself stays where it is.</source>
        <translation>‏Hearth آن را فراموش می‌کند. خود فایل سر جایش می‌ماند.</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>فراموش کردن</translation>
    </message>
</context>
<context>
    <name>LinkOpener</name>
    <message>
        <source>Link</source>
        <translation>پیوند</translation>
    </message>
    <message>
        <source>This link is not opened: it leads neither to the web nor to mail.</source>
        <translation>این پیوند باز نمی‌شود: نه به وب می‌رسد و نه به رایانامه.</translation>
    </message>
    <message>
        <source>Open a link to {host}?</source>
        <translation>پیوند به {host} باز شود؟</translation>
    </message>
    <message>
        <source>Open in browser</source>
        <translation>باز کردن در مرورگر</translation>
    </message>
</context>
<context>
    <name>Markdown</name>
    <message>
        <source>[picture: {words}]</source>
        <translation>[تصویر: {words}]</translation>
    </message>
    <message>
        <source>[picture]</source>
        <translation>[تصویر]</translation>
    </message>
</context>
<context>
    <name>ModelPill</name>
    <message>
        <source>Choose a model</source>
        <translation>انتخاب مدل</translation>
    </message>
    <message>
        <source>not loaded</source>
        <translation>بارگذاری نشده</translation>
    </message>
    <message>
        <source>loading {percent}</source>
        <translation>در حال بارگذاری {percent}</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>آماده</translation>
    </message>
    <message>
        <source>could not be loaded</source>
        <translation>بارگذاری نشد</translation>
    </message>
    <message>
        <source>Model {name}, {state}</source>
        <translation>مدل {name}، {state}</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>مدل‌ها</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>راهنما</translation>
    </message>
    <message>
        <source>built in</source>
        <translation>توکار</translation>
    </message>
    <message>
        <source>Add model…</source>
        <translation>افزودن مدل…</translation>
    </message>
    <message>
        <source>Open a GGUF file…</source>
        <translation>باز کردن فایل GGUF…</translation>
    </message>
    <message>
        <source>Free its memory</source>
        <translation>آزاد کردن حافظهٔ آن</translation>
    </message>
</context>
<context>
    <name>ModelsController</name>
    <message>
        <source>Open a GGUF file</source>
        <translation>باز کردن فایل GGUF</translation>
    </message>
    <message>
        <source>Models (*.gguf)</source>
        <translation>مدل‌ها (*.gguf)</translation>
    </message>
    <message>
        <source>The Guide is hidden.</source>
        <translation>راهنما پنهان شد.</translation>
    </message>
    <message>
        <source>Settings can show it again.</source>
        <translation>در تنظیمات می‌توانید دوباره نشانش دهید.</translation>
    </message>
    <message>
        <source>Restart engine</source>
        <translation>راه‌اندازی دوبارهٔ موتور</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>Models</source>
        <translation>مدل‌ها</translation>
    </message>
    <message>
        <source>Downloads</source>
        <translation>دریافت‌ها</translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation>روی همین رایانه</translation>
    </message>
    <message>
        <source>No model is here yet. Name a repository above, or open a file.</source>
        <translation>هنوز مدلی اینجا نیست. در بالا مخزنی را نام ببرید یا فایلی باز کنید.</translation>
    </message>
</context>
<context>
    <name>Notice</name>
    <message>
        <source>Close</source>
        <translation>بستن</translation>
    </message>
</context>
<context>
    <name>OfferCard</name>
    <message>
        <source>Choose another model</source>
        <translation>انتخاب مدلی دیگر</translation>
    </message>
    <message>
        <source>about {number} min at {speed} Mbit/s</source>
        <translation>حدود {number} دقیقه با سرعت {speed} مگابیت بر ثانیه</translation>
    </message>
    <message>
        <source>The model is here. Your question is answered once it is loaded.</source>
        <translation>مدل رسید. همین که بار شود، به پرسش شما پاسخ داده می‌شود.</translation>
    </message>
    <message>
        <source>Download {size}</source>
        <translation>دریافت {size}</translation>
    </message>
    <message>
        <source>Asking the Hub…</source>
        <translation>در حال پرسش از هاب…</translation>
    </message>
    <message>
        <source>Download {name}, {size}</source>
        <translation>دریافت {name}، {size}</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>تلاش دوباره</translation>
    </message>
</context>
<context>
    <name>PassphraseDialog</name>
    <message>
        <source>Change passphrase</source>
        <translation>تغییر گذرواژه</translation>
    </message>
    <message>
        <source>New passphrase</source>
        <translation>گذرواژهٔ تازه</translation>
    </message>
    <message>
        <source>New passphrase again</source>
        <translation>تکرار گذرواژهٔ تازه</translation>
    </message>
    <message>
        <source>Use this passphrase</source>
        <translation>استفاده از این گذرواژه</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>انصراف</translation>
    </message>
    <message numerus="yes">
        <source>Take at least %Ln characters.</source>
        <translation>
            <numerusform>دست‌کم %Ln نویسه بنویسید.</numerusform>
        </translation>
    </message>
    <message>
        <source>The two passphrases differ.</source>
        <translation>دو گذرواژه یکی نیستند.</translation>
    </message>
</context>
<context>
    <name>PreferencesController</name>
    <message>
        <source>Appearance</source>
        <translation>نما</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>مدل‌ها</translation>
    </message>
    <message>
        <source>Hub</source>
        <translation>هاب</translation>
    </message>
    <message>
        <source>Your data</source>
        <translation>داده‌های شما</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>مانند سیستم</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>روشن</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>تیره</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>پوسته</translation>
    </message>
    <message>
        <source>Light, dark, or as the system is.</source>
        <translation>روشن، تیره، یا مانند سیستم.</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>زبان</translation>
    </message>
    <message>
        <source>The language of the window, from the next start.</source>
        <translation>زبان پنجره، از اجرای بعدی.</translation>
    </message>
    <message>
        <source>Hearth will speak it from the next start.</source>
        <translation>‏Hearth از اجرای بعدی به این زبان خواهد بود.</translation>
    </message>
    <message>
        <source>the model&apos;s own</source>
        <translation>اندازهٔ خود مدل</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>بافت</translation>
    </message>
    <message>
        <source>Tokens that a conversation can hold. More need more memory; it holds from the next time a model is loaded.</source>
        <translation>شمار توکن‌هایی که یک گفت‌وگو در خود جا می‌دهد. هر چه بیشتر، حافظهٔ بیشتر؛ از بارگذاری بعدی مدل به کار می‌رود.</translation>
    </message>
    <message>
        <source>Show the Guide</source>
        <translation>نشان دادن راهنما</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>راهنما</translation>
    </message>
    <message>
        <source>Answers questions about Hearth while no other model is here.</source>
        <translation>تا وقتی مدل دیگری نیست، به پرسش‌ها دربارهٔ Hearth پاسخ می‌دهد.</translation>
    </message>
    <message>
        <source>Address of the Hub</source>
        <translation>نشانی هاب</translation>
    </message>
    <message>
        <source>Where models are looked up. Nothing is asked there until you ask for it.</source>
        <translation>جایی که مدل‌ها در آن جست‌وجو می‌شوند. تا شما نخواهید چیزی از آن پرسیده نمی‌شود.</translation>
    </message>
    <message>
        <source>hf_…</source>
        <translation>hf_…</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>ذخیره</translation>
    </message>
    <message>
        <source>Save the access token</source>
        <translation>ذخیرهٔ توکن دسترسی</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>فراموش کردن</translation>
    </message>
    <message>
        <source>Forget the access token</source>
        <translation>فراموش کردن توکن دسترسی</translation>
    </message>
    <message>
        <source>The token is in the keyring.</source>
        <translation>توکن در دسته‌کلید است.</translation>
    </message>
    <message>
        <source>The token is forgotten.</source>
        <translation>توکن فراموش شد.</translation>
    </message>
    <message>
        <source>Access token</source>
        <translation>توکن دسترسی</translation>
    </message>
    <message>
        <source>For models that ask for it. It is kept in the system&apos;s keyring only.</source>
        <translation>برای مدل‌هایی که آن را می‌خواهند. تنها در دسته‌کلید سیستم نگه داشته می‌شود.</translation>
    </message>
    <message>
        <source>Data folder</source>
        <translation>پوشهٔ داده‌ها</translation>
    </message>
    <message>
        <source>Everything that Hearth writes lies here.</source>
        <translation>هر چه Hearth می‌نویسد اینجاست.</translation>
    </message>
    <message>
        <source>Make a recovery code</source>
        <translation>ساختن کد بازیابی</translation>
    </message>
    <message>
        <source>Recovery code</source>
        <translation>کد بازیابی</translation>
    </message>
    <message>
        <source>Opens your chats when their key is lost. A new code replaces the old one.</source>
        <translation>هنگامی که کلید گم شود گفت‌وگوهایتان را باز می‌کند. کد تازه جای کد پیشین را می‌گیرد.</translation>
    </message>
    <message>
        <source>Change passphrase…</source>
        <translation>تغییر گذرواژه…</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>گذرواژه</translation>
    </message>
    <message>
        <source>Lock your chats with a passphrase of your own.</source>
        <translation>گفت‌وگوهایتان را با گذرواژه‌ای از خودتان قفل کنید.</translation>
    </message>
    <message>
        <source>Your chats open with the new passphrase.</source>
        <translation>گفت‌وگوهایتان با گذرواژهٔ تازه باز می‌شوند.</translation>
    </message>
    <message>
        <source>This value can&apos;t be used.</source>
        <translation>این مقدار پذیرفتنی نیست.</translation>
    </message>
    <message>
        <source>The old one stays in force.</source>
        <translation>مقدار پیشین برجا می‌ماند.</translation>
    </message>
    <message>
        <source>The settings can&apos;t be written.</source>
        <translation>تنظیمات نوشته نمی‌شود.</translation>
    </message>
</context>
<context>
    <name>PreferencesPage</name>
    <message>
        <source>Settings</source>
        <translation>تنظیمات</translation>
    </message>
    <message>
        <source>Search settings</source>
        <translation>جست‌وجوی تنظیمات</translation>
    </message>
    <message>
        <source>No setting has these words.</source>
        <translation>هیچ تنظیمی این واژه‌ها را ندارد.</translation>
    </message>
</context>
<context>
    <name>RecoveryDialog</name>
    <message>
        <source>Recovery code</source>
        <translation>کد بازیابی</translation>
    </message>
    <message>
        <source>Keep a way back to your chats</source>
        <translation>راه بازگشتی به گفت‌وگوهایتان نگه دارید</translation>
    </message>
    <message>
        <source>Your chats are encrypted. If this computer loses their key, only a recovery code opens them. It is shown once; keep it outside this computer.</source>
        <translation>گفت‌وگوهایتان رمزگذاری شده‌اند. اگر این رایانه کلیدشان را از دست بدهد، تنها کد بازیابی آن‌ها را باز می‌کند. این کد یک بار نشان داده می‌شود؛ آن را بیرون از این رایانه نگه دارید.</translation>
    </message>
    <message>
        <source>Make a recovery code</source>
        <translation>ساختن کد بازیابی</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>اکنون نه</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>رونوشت</translation>
    </message>
    <message>
        <source>Save to a file…</source>
        <translation>ذخیره در فایل…</translation>
    </message>
    <message>
        <source>I have kept it</source>
        <translation>نگهش داشتم</translation>
    </message>
    <message>
        <source>The file could not be written.</source>
        <translation>فایل نوشته نشد.</translation>
    </message>
    <message>
        <source>The code was saved.</source>
        <translation>کد ذخیره شد.</translation>
    </message>
    <message>
        <source>The code was copied.</source>
        <translation>کد رونوشت شد.</translation>
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
        <translation>رویدادی پیش‌بینی‌نشده رخ داد</translation>
    </message>
    <message>
        <source>This is a mistake in Hearth, not yours. Your chats are safe.</source>
        <translation>این اشکال از Hearth است، نه از شما. گفت‌وگوهایتان در امان‌اند.</translation>
    </message>
    <message>
        <source>You can go on. The details below help to mend it; nothing was sent.</source>
        <translation>می‌توانید ادامه دهید. جزئیات زیر به رفع آن کمک می‌کند؛ چیزی فرستاده نشده است.</translation>
    </message>
</context>
<context>
    <name>Session</name>
    <message>
        <source>Your chats are not encrypted, so they need no recovery code.</source>
        <translation>گفت‌وگوهایتان رمزگذاری نشده‌اند، پس کد بازیابی لازم نیست.</translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message>
        <source>New chat</source>
        <translation>گفت‌وگوی تازه</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>مدل‌ها</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>تنظیمات</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>گفت‌وگو</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>تغییر نام</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>پاک کردن</translation>
    </message>
    <message>
        <source>Search chats</source>
        <translation>جست‌وجوی گفت‌وگوها</translation>
    </message>
    <message>
        <source>No chat has these words in its title.</source>
        <translation>عنوان هیچ گفت‌وگویی این واژه‌ها را ندارد.</translation>
    </message>
    <message>
        <source>Your chats will stand here.</source>
        <translation>گفت‌وگوهایتان اینجا خواهند بود.</translation>
    </message>
</context>
<context>
    <name>Statistics</name>
    <message>
        <source>{number} tokens/s</source>
        <translation>{number} توکن بر ثانیه</translation>
    </message>
    <message>
        <source>first word after {number} s</source>
        <translation>نخستین واژه پس از {number} ثانیه</translation>
    </message>
    <message>
        <source>stopped by you</source>
        <translation>شما متوقف کردید</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>نیمه‌کاره</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>ناموفق</translation>
    </message>
    <message>
        <source>reached the limit</source>
        <translation>به سقف رسید</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>پایان‌یافته</translation>
    </message>
</context>
<context>
    <name>TitleEdit</name>
    <message>
        <source>Title of the chat</source>
        <translation>عنوان گفت‌وگو</translation>
    </message>
</context>
<context>
    <name>UndoBar</name>
    <message>
        <source>Undo</source>
        <translation>واگرد</translation>
    </message>
    <message numerus="yes">
        <source>%Ln chats deleted</source>
        <translation>
            <numerusform>%Ln گفت‌وگو پاک شد</numerusform>
        </translation>
    </message>
    <message>
        <source>Chat deleted</source>
        <translation>گفت‌وگو پاک شد</translation>
    </message>
</context>
<context>
    <name>UnlockPage</name>
    <message>
        <source>Opening your chats…</source>
        <translation>در حال باز کردن گفت‌وگوهای شما…</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>گذرواژه</translation>
    </message>
    <message>
        <source>Passphrase again</source>
        <translation>تکرار گذرواژه</translation>
    </message>
    <message>
        <source>Recovery code</source>
        <translation>کد بازیابی</translation>
    </message>
    <message>
        <source>Open with recovery code</source>
        <translation>باز کردن با کد بازیابی</translation>
    </message>
    <message>
        <source>Try the keyring again</source>
        <translation>آزمودن دوبارهٔ دسته‌کلید</translation>
    </message>
    <message>
        <source>Keep the chats unencrypted</source>
        <translation>نگهداری گفت‌وگوها بدون رمز</translation>
    </message>
    <message>
        <source>Use this passphrase</source>
        <translation>استفاده از این گذرواژه</translation>
    </message>
    <message>
        <source>Open my chats</source>
        <translation>باز کردن گفت‌وگوهایم</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>تلاش دوباره</translation>
    </message>
    <message>
        <source>Then everyone who can read this computer&apos;s files can read your chats.</source>
        <translation>در این صورت هر کس فایل‌های این رایانه را بخواند، گفت‌وگوهایتان را هم می‌تواند بخواند.</translation>
    </message>
    <message>
        <source>How should your chats be locked?</source>
        <translation>گفت‌وگوهایتان چگونه قفل شوند؟</translation>
    </message>
    <message>
        <source>Hearth keeps your chats in an encrypted file. Usually the system&apos;s keyring holds its key; here it can&apos;t. Choose a passphrase instead.</source>
        <translation>‏Hearth گفت‌وگوهایتان را در فایلی رمزگذاری‌شده نگه می‌دارد. معمولاً دسته‌کلید سیستم کلید آن را دارد؛ اینجا ممکن نیست. به جای آن گذرواژه‌ای برگزینید.</translation>
    </message>
    <message>
        <source>Your chats are locked</source>
        <translation>گفت‌وگوهایتان قفل‌اند</translation>
    </message>
    <message>
        <source>Nothing is lost. They open with their key.</source>
        <translation>چیزی از دست نرفته است. با کلیدشان باز می‌شوند.</translation>
    </message>
    <message>
        <source>This passphrase is too short to protect anything.</source>
        <translation>این گذرواژه کوتاه‌تر از آن است که چیزی را نگه دارد.</translation>
    </message>
    <message numerus="yes">
        <source>Take at least %Ln characters.</source>
        <translation>
            <numerusform>دست‌کم %Ln نویسه بنویسید.</numerusform>
        </translation>
    </message>
    <message>
        <source>The two passphrases differ.</source>
        <translation>دو گذرواژه یکی نیستند.</translation>
    </message>
    <message>
        <source>Type both again.</source>
        <translation>هر دو را دوباره بنویسید.</translation>
    </message>
</context>
<context>
    <name>UserRow</name>
    <message>
        <source>Your message</source>
        <translation>پیام شما</translation>
    </message>
</context>
<context>
    <name>Welcome</name>
    <message>
        <source>New chat</source>
        <translation>گفت‌وگوی تازه</translation>
    </message>
    <message>
        <source>For everything else, add a model:</source>
        <translation>برای کارهای دیگر، مدلی اضافه کنید:</translation>
    </message>
    <message>
        <source>Add model</source>
        <translation>افزودن مدل</translation>
    </message>
    <message>
        <source>Open a GGUF file…</source>
        <translation>باز کردن فایل GGUF…</translation>
    </message>
    <message>
        <source>What is on your mind?</source>
        <translation>به چه می‌اندیشید؟</translation>
    </message>
    <message>
        <source>The model answers on this computer, also without a network.</source>
        <translation>مدل روی همین رایانه پاسخ می‌دهد، بی‌نیاز از شبکه.</translation>
    </message>
    <message>
        <source>Hello, this is the Guide</source>
        <translation>سلام، من راهنما هستم</translation>
    </message>
    <message>
        <source>I am built into Hearth and need no download. Ask me how Hearth works, or about a text that you paste; small talk is fine too.</source>
        <translation>همراه Hearth آمده‌ام و دریافتی لازم ندارم. بپرسید Hearth چطور کار می‌کند، یا دربارهٔ متنی انگلیسی که می‌چسبانید بپرسید؛ کمی هم می‌توانیم گپ بزنیم.</translation>
    </message>
    <message>
        <source>First, a model</source>
        <translation>نخست، یک مدل</translation>
    </message>
    <message>
        <source>Hearth runs open models on this computer. Download one from a Hub, or open a GGUF file that you have.</source>
        <translation>‏Hearth مدل‌های باز را روی همین رایانه اجرا می‌کند. یکی را از هاب دریافت کنید یا فایل GGUF خودتان را باز کنید.</translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message>
        <source>{number} %</source>
        <translation>{number}٪</translation>
    </message>
    <message>
        <source>{size}/s</source>
        <translation>{size} بر ثانیه</translation>
    </message>
    <message>
        <source>{number}k</source>
        <translation>{number} هزار</translation>
    </message>
    <message>
        <source>about {number} s left</source>
        <translation>حدود {number} ثانیه مانده</translation>
    </message>
    <message>
        <source>about {number} min left</source>
        <translation>حدود {number} دقیقه مانده</translation>
    </message>
    <message>
        <source>about {number} h left</source>
        <translation>حدود {number} ساعت مانده</translation>
    </message>
</context>
</TS>
