<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>AddCard</name>
    <message>
        <source>Add model</source>
        <translation>添加模型</translation>
    </message>
    <message>
        <source>owner/name, or its address</source>
        <translation>所有者/名称，或其网址</translation>
    </message>
    <message>
        <source>Repository</source>
        <translation>仓库</translation>
    </message>
    <message>
        <source>Find files</source>
        <translation>查找文件</translation>
    </message>
    <message>
        <source>Open a GGUF file…</source>
        <translation>打开 GGUF 文件…</translation>
    </message>
    <message>
        <source>Asking the Hub…</source>
        <translation>正在询问 Hub…</translation>
    </message>
    <message numerus="yes">
        <source>%Ln GGUF files in</source>
        <translation>
            <numerusform>%Ln 个 GGUF 文件，位于</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln parts</source>
        <translation>
            <numerusform>%Ln 个分卷</numerusform>
        </translation>
    </message>
    <message>
        <source>Download {size}</source>
        <translation>下载 {size}</translation>
    </message>
    <message>
        <source>Download {file}, {size}</source>
        <translation>下载 {file}，{size}</translation>
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
        <translation>复制回答</translation>
    </message>
    <message>
        <source>Reading the conversation: {percent}</source>
        <translation>正在读取对话：{percent}</translation>
    </message>
    <message>
        <source>Answer: {how}</source>
        <translation>回答：{how}</translation>
    </message>
    <message>
        <source>Writing…</source>
        <translation>正在书写…</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>向导</translation>
    </message>
    <message numerus="yes">
        <source>%Ln tokens</source>
        <translation>
            <numerusform>%Ln 个词元</numerusform>
        </translation>
    </message>
    <message>
        <source>This answer was interrupted. What was written is kept.</source>
        <translation>此回答被中断，已写出的内容已保留。</translation>
    </message>
    <message>
        <source>Ask again to get a whole one.</source>
        <translation>再问一次即可得到完整回答。</translation>
    </message>
</context>
<context>
    <name>CardLayer</name>
    <message>
        <source>Copy {language}</source>
        <translation>复制 {language}</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>code</source>
        <translation>代码</translation>
    </message>
</context>
<context>
    <name>ChatController</name>
    <message>
        <source>New chat</source>
        <translation>新对话</translation>
    </message>
</context>
<context>
    <name>ChatDelegate</name>
    <message>
        <source>New title</source>
        <translation>新标题</translation>
    </message>
</context>
<context>
    <name>ChatList</name>
    <message>
        <source>Chats</source>
        <translation>对话</translation>
    </message>
</context>
<context>
    <name>ChatListModel</name>
    <message>
        <source>New chat</source>
        <translation>新对话</translation>
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
        <translation>过去 7 天</translation>
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
        <translation>显示对话列表</translation>
    </message>
    <message>
        <source>Back to the chat</source>
        <translation>返回对话</translation>
    </message>
</context>
<context>
    <name>Composer</name>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Ask anything</source>
        <translation>想问什么都可以</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>Ask the Guide</source>
        <translation>问问向导</translation>
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
        <translation>对话已占用上下文 {total} 个词元中的 {used} 个。</translation>
    </message>
</context>
<context>
    <name>Conversation</name>
    <message>
        <source>Conversation</source>
        <translation>对话内容</translation>
    </message>
    <message>
        <source>Go to the end</source>
        <translation>跳到末尾</translation>
    </message>
</context>
<context>
    <name>DownloadRow</name>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Cancel download</source>
        <translation>取消下载</translation>
    </message>
    <message>
        <source>Progress of {file}</source>
        <translation>{file} 的进度</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
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
        <translation>已暂停</translation>
    </message>
    <message>
        <source>checking what arrived</source>
        <translation>正在校验已下载的内容</translation>
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
        <translation>松开鼠标，将此文件用作模型</translation>
    </message>
</context>
<context>
    <name>Errors</name>
    <message>
        <source>No window can be opened ({detail}).</source>
        <translation>无法打开窗口（{detail}）。</translation>
    </message>
    <message>
        <source>Start Hearth on a desktop.</source>
        <translation>请在桌面环境中启动 Hearth。</translation>
    </message>
    <message>
        <source>{path} can&apos;t be written ({detail}).</source>
        <translation>无法写入 {path}（{detail}）。</translation>
    </message>
    <message>
        <source>Choose another place.</source>
        <translation>请选择其他位置。</translation>
    </message>
    <message>
        <source>This message is not there any more.</source>
        <translation>此消息已不存在。</translation>
    </message>
    <message>
        <source>Open the chat again.</source>
        <translation>请重新打开对话。</translation>
    </message>
    <message>
        <source>The engine could not be started ({detail}).</source>
        <translation>无法启动引擎（{detail}）。</translation>
    </message>
    <message>
        <source>Start Hearth again. If it happens again, run “hearth doctor” in a terminal.</source>
        <translation>请重新启动 Hearth。如果再次发生，请在终端运行“hearth doctor”。</translation>
    </message>
    <message>
        <source>The engine stopped while it was answering. What was written so far is kept.</source>
        <translation>引擎在回答时停止了，已写出的内容已保留。</translation>
    </message>
    <message>
        <source>Ask again; the engine is being restarted.</source>
        <translation>请再问一次；引擎正在重启。</translation>
    </message>
    <message>
        <source>The engine stopped while it was loading “{name}”.</source>
        <translation>引擎在加载“{name}”时停止了。</translation>
    </message>
    <message>
        <source>Try again; if it happens again, choose another model: this file may be damaged.</source>
        <translation>请重试；如果再次发生，请换一个模型：此文件可能已损坏。</translation>
    </message>
    <message>
        <source>The engine stopped three times within two minutes and stays off.</source>
        <translation>引擎在两分钟内停止了三次，现已关闭。</translation>
    </message>
    <message>
        <source>Choose another model, or restart the engine.</source>
        <translation>请换一个模型，或重启引擎。</translation>
    </message>
    <message>
        <source>The engine is busy.</source>
        <translation>引擎正忙。</translation>
    </message>
    <message>
        <source>Try again in {retry_after_s} s.</source>
        <translation>请在 {retry_after_s} 秒后重试。</translation>
    </message>
    <message>
        <source>The engine refused the request: {detail}.</source>
        <translation>引擎拒绝了请求：{detail}。</translation>
    </message>
    <message>
        <source>Change the setting it names.</source>
        <translation>请更改它指出的设置。</translation>
    </message>
    <message>
        <source>The engine failed: {detail}.</source>
        <translation>引擎出错：{detail}。</translation>
    </message>
    <message>
        <source>Try again; if it happens again, run `hearth doctor`.</source>
        <translation>请重试；如果再次发生，请运行 `hearth doctor`。</translation>
    </message>
    <message>
        <source>The engine was told to do something else first.</source>
        <translation>引擎被要求先做别的事。</translation>
    </message>
    <message>
        <source>The conversation has {prompt_tokens} tokens, but the model&apos;s context holds {context_tokens}.</source>
        <translation>对话有 {prompt_tokens} 个词元，而模型的上下文只能容纳 {context_tokens} 个。</translation>
    </message>
    <message>
        <source>Start a new chat, or shorten the message.</source>
        <translation>请开始新对话，或缩短消息。</translation>
    </message>
    <message>
        <source>The model&apos;s chat template failed: {detail}.</source>
        <translation>模型的对话模板出错：{detail}。</translation>
    </message>
    <message>
        <source>Choose another model; this one may have been made badly.</source>
        <translation>请换一个模型；这一个可能制作不当。</translation>
    </message>
    <message>
        <source>There is no model “{model}” on this computer.</source>
        <translation>本机上没有模型“{model}”。</translation>
    </message>
    <message>
        <source>Add it with Add model.</source>
        <translation>请用“添加模型”添加它。</translation>
    </message>
    <message>
        <source>No model is installed yet.</source>
        <translation>尚未安装任何模型。</translation>
    </message>
    <message>
        <source>Add one with Add model, or open a GGUF file.</source>
        <translation>请用“添加模型”添加一个，或打开 GGUF 文件。</translation>
    </message>
    <message>
        <source>“{name}” can&apos;t be used as a model: {detail}.</source>
        <translation>“{name}”不能用作模型：{detail}。</translation>
    </message>
    <message>
        <source>Download it again, or choose another file.</source>
        <translation>请重新下载，或选择其他文件。</translation>
    </message>
    <message>
        <source>“{name}” is part of a model of {count} files, and {missing} is missing.</source>
        <translation>“{name}”是由 {count} 个文件组成的模型的一部分，缺少 {missing}。</translation>
    </message>
    <message>
        <source>Put all parts into one folder.</source>
        <translation>请将所有分卷放入同一文件夹。</translation>
    </message>
    <message>
        <source>“{name}” needs {needed} of memory, but {available} are free.</source>
        <translation>“{name}”需要 {needed} 内存，但只有 {available} 可用。</translation>
    </message>
    <message>
        <source>Close other programs, or choose a smaller model.</source>
        <translation>请关闭其他程序，或选择更小的模型。</translation>
    </message>
    <message>
        <source>{host} can&apos;t be reached.</source>
        <translation>无法连接 {host}。</translation>
    </message>
    <message>
        <source>Check the network connection, then try again.</source>
        <translation>请检查网络连接后重试。</translation>
    </message>
    <message>
        <source>{host} asks for an access token for “{repo}”, or the token is wrong.</source>
        <translation>{host} 访问“{repo}”需要访问令牌，或令牌有误。</translation>
    </message>
    <message>
        <source>Enter an access token in Settings.</source>
        <translation>请在设置中输入访问令牌。</translation>
    </message>
    <message>
        <source>“{repo}” is open only to those who accepted its terms.</source>
        <translation>“{repo}”只对接受其条款的人开放。</translation>
    </message>
    <message>
        <source>Accept the terms on its page, then enter your access token.</source>
        <translation>请在其页面接受条款，然后输入您的访问令牌。</translation>
    </message>
    <message>
        <source>{host} has no “{what}”.</source>
        <translation>{host} 上没有“{what}”。</translation>
    </message>
    <message>
        <source>Check the spelling of the name.</source>
        <translation>请检查名称的拼写。</translation>
    </message>
    <message>
        <source>{host} asks to wait before the next request.</source>
        <translation>{host} 要求稍后再请求。</translation>
    </message>
    <message>
        <source>{host} answered with an error ({detail}).</source>
        <translation>{host} 返回了错误（{detail}）。</translation>
    </message>
    <message>
        <source>Try again later.</source>
        <translation>请稍后重试。</translation>
    </message>
    <message>
        <source>The network&apos;s proxy does not let Hearth reach {host} ({detail}).</source>
        <translation>网络代理不允许 Hearth 访问 {host}（{detail}）。</translation>
    </message>
    <message>
        <source>Check the proxy settings of this computer, then try again.</source>
        <translation>请检查本机的代理设置后重试。</translation>
    </message>
    <message>
        <source>The connection to {host} is not private: its certificate is not trusted.</source>
        <translation>与 {host} 的连接不安全：其证书不受信任。</translation>
    </message>
    <message>
        <source>Check the date of this computer, or use another network.</source>
        <translation>请检查本机日期，或换用其他网络。</translation>
    </message>
    <message>
        <source>{host} answered with a web page, as the sign-in page of a network does.</source>
        <translation>{host} 返回了一个网页，像是网络的登录页面。</translation>
    </message>
    <message>
        <source>Open a browser, sign in to the network, then try again.</source>
        <translation>请打开浏览器登录网络，然后重试。</translation>
    </message>
    <message>
        <source>“{repo}” holds no GGUF file.</source>
        <translation>“{repo}”中没有 GGUF 文件。</translation>
    </message>
    <message>
        <source>Look for a repository whose name ends in GGUF.</source>
        <translation>请查找名称以 GGUF 结尾的仓库。</translation>
    </message>
    <message>
        <source>“{endpoint}” is not an https address.</source>
        <translation>“{endpoint}”不是 https 地址。</translation>
    </message>
    <message>
        <source>Use an address that starts with https://.</source>
        <translation>请使用以 https:// 开头的地址。</translation>
    </message>
    <message>
        <source>“{text}” is not the name of a repository.</source>
        <translation>“{text}”不是仓库名称。</translation>
    </message>
    <message>
        <source>Write it as owner/name, or paste its address.</source>
        <translation>请写成“所有者/名称”，或粘贴其网址。</translation>
    </message>
    <message>
        <source>There is not enough room: {needed} are needed, {available} are free.</source>
        <translation>空间不足：需要 {needed}，可用 {available}。</translation>
    </message>
    <message>
        <source>Free some space on the disk of {path}, then try again.</source>
        <translation>请在 {path} 所在磁盘腾出空间后重试。</translation>
    </message>
    <message>
        <source>The disk of {path} can&apos;t hold a file of {size}.</source>
        <translation>{path} 所在磁盘无法存放 {size} 的文件。</translation>
    </message>
    <message>
        <source>Choose a data folder on a disk without that limit; FAT32 disks end at 4 GB.</source>
        <translation>请把数据文件夹放在没有此限制的磁盘上；FAT32 磁盘的上限是 4 GB。</translation>
    </message>
    <message>
        <source>{path} can&apos;t be written ({detail}). What arrived is kept.</source>
        <translation>无法写入 {path}（{detail}）。已到达的内容已保留。</translation>
    </message>
    <message>
        <source>Check the disk and the rights of the folder, then press Resume.</source>
        <translation>请检查磁盘和文件夹权限，然后按“继续”。</translation>
    </message>
    <message>
        <source>There is no download “{download}”.</source>
        <translation>没有下载任务“{download}”。</translation>
    </message>
    <message>
        <source>Start it again from its repository.</source>
        <translation>请从其仓库重新开始。</translation>
    </message>
    <message>
        <source>“{name}” arrived damaged: its checksum is not the one that {host} states.</source>
        <translation>“{name}”已损坏：其校验和与 {host} 声明的不符。</translation>
    </message>
    <message>
        <source>Download it again.</source>
        <translation>请重新下载。</translation>
    </message>
    <message>
        <source>“{name}” has {actual} bytes, but {host} states {expected}.</source>
        <translation>“{name}”有 {actual} 字节，但 {host} 声明为 {expected} 字节。</translation>
    </message>
    <message>
        <source>The download of “{name}” was interrupted. What arrived is kept.</source>
        <translation>“{name}”的下载被中断，已到达的内容已保留。</translation>
    </message>
    <message>
        <source>Press Resume.</source>
        <translation>请按“继续”。</translation>
    </message>
    <message>
        <source>This computer offers no keyring ({detail}).</source>
        <translation>本机没有可用的密钥环（{detail}）。</translation>
    </message>
    <message>
        <source>Choose a passphrase, or keep the chats unencrypted.</source>
        <translation>请设置密码短语，或不加密保存对话。</translation>
    </message>
    <message>
        <source>The keyring is locked.</source>
        <translation>密钥环已锁定。</translation>
    </message>
    <message>
        <source>Unlock it and try again, or use your recovery code.</source>
        <translation>请解锁后重试，或使用恢复代码。</translation>
    </message>
    <message>
        <source>The key to your chats is not in the keyring any more.</source>
        <translation>您对话的密钥已不在密钥环中。</translation>
    </message>
    <message>
        <source>Enter your recovery code.</source>
        <translation>请输入您的恢复代码。</translation>
    </message>
    <message>
        <source>This passphrase does not open your chats.</source>
        <translation>此密码短语无法打开您的对话。</translation>
    </message>
    <message>
        <source>Try again, or use your recovery code.</source>
        <translation>请重试，或使用恢复代码。</translation>
    </message>
    <message>
        <source>This recovery code does not open these chats.</source>
        <translation>此恢复代码无法打开这些对话。</translation>
    </message>
    <message>
        <source>Check each group of characters.</source>
        <translation>请检查每一组字符。</translation>
    </message>
    <message>
        <source>The chats in {path} can&apos;t be read ({detail}). Nothing was changed.</source>
        <translation>无法读取 {path} 中的对话（{detail}）。没有任何更改。</translation>
    </message>
    <message>
        <source>Restore a backup from the folder beside it, or start with another data folder.</source>
        <translation>请从旁边的文件夹恢复备份，或使用其他数据文件夹启动。</translation>
    </message>
    <message>
        <source>The chats in {path} were written by a newer version of Hearth.</source>
        <translation>{path} 中的对话由更新版本的 Hearth 写入。</translation>
    </message>
    <message>
        <source>Install the newer version. Nothing was changed.</source>
        <translation>请安装更新的版本。没有任何更改。</translation>
    </message>
    <message>
        <source>Your chats can&apos;t be saved ({detail}). Your text stays in the editor.</source>
        <translation>无法保存您的对话（{detail}）。您的文字仍在编辑框中。</translation>
    </message>
    <message>
        <source>Free some space on the disk, then send again.</source>
        <translation>请腾出磁盘空间后再次发送。</translation>
    </message>
    <message>
        <source>Hearth is already open with the data folder {path}.</source>
        <translation>Hearth 已在使用数据文件夹 {path}。</translation>
    </message>
    <message>
        <source>Use the window that is open, or start with another data folder.</source>
        <translation>请使用已打开的窗口，或使用其他数据文件夹启动。</translation>
    </message>
    <message>
        <source>This chat is still being answered.</source>
        <translation>此对话仍在回答中。</translation>
    </message>
    <message>
        <source>Wait for the end of the answer, or stop it.</source>
        <translation>请等待回答结束，或停止它。</translation>
    </message>
    <message>
        <source>The chats are locked.</source>
        <translation>对话已锁定。</translation>
    </message>
    <message>
        <source>Unlock them first.</source>
        <translation>请先解锁。</translation>
    </message>
    <message>
        <source>This chat is not there any more.</source>
        <translation>此对话已不存在。</translation>
    </message>
    <message>
        <source>Choose another chat.</source>
        <translation>请选择其他对话。</translation>
    </message>
    <message>
        <source>The settings in {path} can&apos;t be read; defaults are in force.</source>
        <translation>无法读取 {path} 中的设置，已使用默认值。</translation>
    </message>
    <message>
        <source>The old file was kept as {kept}.</source>
        <translation>旧文件已保留为 {kept}。</translation>
    </message>
    <message>
        <source>Unlock it and try again.</source>
        <translation>请解锁后重试。</translation>
    </message>
    <message>
        <source>Bring the keyring back from a backup, then try again. Nothing was changed.</source>
        <translation>请从备份恢复密钥环，然后重试。未作任何更改。</translation>
    </message>
    <message>
        <source>The engine could not be started.</source>
        <translation>无法启动引擎。</translation>
    </message>
    <message>
        <source>The engine stopped while it was loading the model.</source>
        <translation>引擎在加载模型时停止了。</translation>
    </message>
    <message>
        <source>The engine refused the request.</source>
        <translation>引擎拒绝了该请求。</translation>
    </message>
    <message>
        <source>The engine failed.</source>
        <translation>引擎出错。</translation>
    </message>
    <message>
        <source>The conversation has more tokens than the model&apos;s context holds.</source>
        <translation>对话的词元数超过了模型上下文的容量。</translation>
    </message>
    <message>
        <source>The model&apos;s chat template failed.</source>
        <translation>模型的对话模板出错。</translation>
    </message>
    <message>
        <source>The model is not on this computer any more.</source>
        <translation>该模型已不在这台电脑上。</translation>
    </message>
    <message>
        <source>The file can&apos;t be used as a model.</source>
        <translation>该文件无法用作模型。</translation>
    </message>
    <message>
        <source>A part of the model is missing.</source>
        <translation>缺少模型的一部分。</translation>
    </message>
    <message>
        <source>The model needs more memory than is free.</source>
        <translation>模型需要的内存超过可用内存。</translation>
    </message>
    <message>
        <source>Something went wrong.</source>
        <translation>出了点问题。</translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation>请重试。</translation>
    </message>
</context>
<context>
    <name>Greeting</name>
    <message>
        <source>How do I add a model?</source>
        <translation>怎么添加模型？</translation>
    </message>
    <message>
        <source>Is it private?</source>
        <translation>我的隐私安全吗？</translation>
    </message>
    <message>
        <source>What can you do?</source>
        <translation>你能做什么？</translation>
    </message>
    <message>
        <source>Ask about a text you paste</source>
        <translation>就一段英文文字提问</translation>
    </message>
    <message>
        <source>Your chats stay on this computer, encrypted, in this folder:</source>
        <translation>您的对话加密保存在本机的这个文件夹中：</translation>
    </message>
    <message>
        <source>Your chats stay on this computer, not encrypted, in this folder:</source>
        <translation>您的对话保存在本机的这个文件夹中，未加密：</translation>
    </message>
</context>
<context>
    <name>GuideActions</name>
    <message>
        <source>Open Models</source>
        <translation>打开“模型”</translation>
    </message>
    <message>
        <source>Add a model</source>
        <translation>添加模型</translation>
    </message>
    <message>
        <source>Open a GGUF file…</source>
        <translation>打开 GGUF 文件…</translation>
    </message>
    <message>
        <source>Open Settings</source>
        <translation>打开“设置”</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>Search chats</source>
        <translation>搜索对话</translation>
    </message>
    <message>
        <source>Make a recovery code</source>
        <translation>生成恢复代码</translation>
    </message>
</context>
<context>
    <name>GuideCard</name>
    <message>
        <source>Guide (built in)</source>
        <translation>向导（内置）</translation>
    </message>
    <message>
        <source>Answers questions about Hearth while no other model is here.</source>
        <translation>没有其他模型时，回答有关 Hearth 的问题。</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>隐藏</translation>
    </message>
    <message>
        <source>Hide the Guide</source>
        <translation>隐藏向导</translation>
    </message>
</context>
<context>
    <name>Header</name>
    <message>
        <source>Show the chats</source>
        <translation>显示对话列表</translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation>在本机</translation>
    </message>
    <message>
        <source>The model runs on this computer. What you write stays here.</source>
        <translation>模型在本机运行，您写的内容不会离开这里。</translation>
    </message>
    <message>
        <source>Encrypted</source>
        <translation>已加密</translation>
    </message>
    <message>
        <source>Your chats are kept in an encrypted file.</source>
        <translation>您的对话保存在加密文件中。</translation>
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
        <translation>从本机磁盘打开</translation>
    </message>
    <message>
        <source>✓ checksum verified</source>
        <translation>✓ 校验和已验证</translation>
    </message>
    <message>
        <source>Remove model</source>
        <translation>移除模型</translation>
    </message>
    <message>
        <source>Remove {name}?</source>
        <translation>移除 {name}？</translation>
    </message>
    <message>
        <source>Its file is deleted, which frees {size}. Chats stay.</source>
        <translation>将删除其文件，释放 {size}。对话会保留。</translation>
    </message>
    <message>
        <source>Delete {size}</source>
        <translation>删除 {size}</translation>
    </message>
    <message>
        <source>Hearth forgets it. The file itself stays where it is.</source>
        <translation>Hearth 将不再记住它，文件本身保留在原处。</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>忘记</translation>
    </message>
</context>
<context>
    <name>LinkOpener</name>
    <message>
        <source>Link</source>
        <translation>链接</translation>
    </message>
    <message>
        <source>This link is not opened: it leads neither to the web nor to mail.</source>
        <translation>不会打开此链接：它既不指向网页也不指向邮件。</translation>
    </message>
    <message>
        <source>Open a link to {host}?</source>
        <translation>打开指向 {host} 的链接？</translation>
    </message>
    <message>
        <source>Open in browser</source>
        <translation>在浏览器中打开</translation>
    </message>
</context>
<context>
    <name>Markdown</name>
    <message>
        <source>[picture: {words}]</source>
        <translation>[图片：{words}]</translation>
    </message>
    <message>
        <source>[picture]</source>
        <translation>[图片]</translation>
    </message>
</context>
<context>
    <name>ModelPill</name>
    <message>
        <source>Choose a model</source>
        <translation>选择模型</translation>
    </message>
    <message>
        <source>not loaded</source>
        <translation>未加载</translation>
    </message>
    <message>
        <source>loading {percent}</source>
        <translation>正在加载 {percent}</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>could not be loaded</source>
        <translation>无法加载</translation>
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
        <translation>向导</translation>
    </message>
    <message>
        <source>built in</source>
        <translation>内置</translation>
    </message>
    <message>
        <source>Add model…</source>
        <translation>添加模型…</translation>
    </message>
    <message>
        <source>Open a GGUF file…</source>
        <translation>打开 GGUF 文件…</translation>
    </message>
    <message>
        <source>Free its memory</source>
        <translation>释放其内存</translation>
    </message>
</context>
<context>
    <name>ModelsController</name>
    <message>
        <source>Open a GGUF file</source>
        <translation>打开 GGUF 文件</translation>
    </message>
    <message>
        <source>Models (*.gguf)</source>
        <translation>模型 (*.gguf)</translation>
    </message>
    <message>
        <source>The Guide is hidden.</source>
        <translation>向导已隐藏。</translation>
    </message>
    <message>
        <source>Settings can show it again.</source>
        <translation>可以在“设置”中重新显示。</translation>
    </message>
    <message>
        <source>Restart engine</source>
        <translation>重启引擎</translation>
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
        <translation>下载</translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation>在本机</translation>
    </message>
    <message>
        <source>No model is here yet. Name a repository above, or open a file.</source>
        <translation>这里还没有模型。请在上方填写仓库，或打开一个文件。</translation>
    </message>
</context>
<context>
    <name>Notice</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>OfferCard</name>
    <message>
        <source>Choose another model</source>
        <translation>选择其他模型</translation>
    </message>
    <message>
        <source>about {number} min at {speed} Mbit/s</source>
        <translation>以 {speed} Mbit/s 约需 {number} 分钟</translation>
    </message>
    <message>
        <source>The model is here. Your question is answered once it is loaded.</source>
        <translation>模型已就绪，加载后会回答您的问题。</translation>
    </message>
    <message>
        <source>Download {size}</source>
        <translation>下载 {size}</translation>
    </message>
    <message>
        <source>Asking the Hub…</source>
        <translation>正在询问 Hub…</translation>
    </message>
    <message>
        <source>Download {name}, {size}</source>
        <translation>下载 {name}，{size}</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
</context>
<context>
    <name>PassphraseDialog</name>
    <message>
        <source>Change passphrase</source>
        <translation>更改密码短语</translation>
    </message>
    <message>
        <source>New passphrase</source>
        <translation>新密码短语</translation>
    </message>
    <message>
        <source>New passphrase again</source>
        <translation>再次输入新密码短语</translation>
    </message>
    <message>
        <source>Use this passphrase</source>
        <translation>使用此密码短语</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message numerus="yes">
        <source>Take at least %Ln characters.</source>
        <translation>
            <numerusform>请至少使用 %Ln 个字符。</numerusform>
        </translation>
    </message>
    <message>
        <source>The two passphrases differ.</source>
        <translation>两次输入的密码短语不一致。</translation>
    </message>
</context>
<context>
    <name>PreferencesController</name>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
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
        <translation>您的数据</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Light, dark, or as the system is.</source>
        <translation>浅色、深色，或跟随系统。</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>The language of the window, from the next start.</source>
        <translation>窗口的语言，下次启动时生效。</translation>
    </message>
    <message>
        <source>Hearth will speak it from the next start.</source>
        <translation>Hearth 将从下次启动起使用该语言。</translation>
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
        <translation>一个对话能容纳的词元数。越多占用内存越多；下次加载模型时生效。</translation>
    </message>
    <message>
        <source>Show the Guide</source>
        <translation>显示向导</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>向导</translation>
    </message>
    <message>
        <source>Answers questions about Hearth while no other model is here.</source>
        <translation>没有其他模型时，回答有关 Hearth 的问题。</translation>
    </message>
    <message>
        <source>Address of the Hub</source>
        <translation>Hub 的地址</translation>
    </message>
    <message>
        <source>Where models are looked up. Nothing is asked there until you ask for it.</source>
        <translation>在这里查找模型。除非您要求，否则不会向其发出任何请求。</translation>
    </message>
    <message>
        <source>hf_…</source>
        <translation>hf_…</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Save the access token</source>
        <translation>保存访问令牌</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>忘记</translation>
    </message>
    <message>
        <source>Forget the access token</source>
        <translation>忘记访问令牌</translation>
    </message>
    <message>
        <source>The token is in the keyring.</source>
        <translation>令牌已存入密钥环。</translation>
    </message>
    <message>
        <source>The token is forgotten.</source>
        <translation>令牌已忘记。</translation>
    </message>
    <message>
        <source>Access token</source>
        <translation>访问令牌</translation>
    </message>
    <message>
        <source>For models that ask for it. It is kept in the system&apos;s keyring only.</source>
        <translation>用于需要它的模型，仅保存在系统密钥环中。</translation>
    </message>
    <message>
        <source>Data folder</source>
        <translation>数据文件夹</translation>
    </message>
    <message>
        <source>Everything that Hearth writes lies here.</source>
        <translation>Hearth 写入的一切都在这里。</translation>
    </message>
    <message>
        <source>Make a recovery code</source>
        <translation>生成恢复代码</translation>
    </message>
    <message>
        <source>Recovery code</source>
        <translation>恢复代码</translation>
    </message>
    <message>
        <source>Opens your chats when their key is lost. A new code replaces the old one.</source>
        <translation>密钥丢失时可打开您的对话。新代码会取代旧代码。</translation>
    </message>
    <message>
        <source>Change passphrase…</source>
        <translation>更改密码短语…</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>密码短语</translation>
    </message>
    <message>
        <source>Lock your chats with a passphrase of your own.</source>
        <translation>用您自己的密码短语锁定对话。</translation>
    </message>
    <message>
        <source>Your chats open with the new passphrase.</source>
        <translation>您的对话现在用新密码短语打开。</translation>
    </message>
    <message>
        <source>This value can&apos;t be used.</source>
        <translation>无法使用该值。</translation>
    </message>
    <message>
        <source>The old one stays in force.</source>
        <translation>仍沿用旧值。</translation>
    </message>
    <message>
        <source>The settings can&apos;t be written.</source>
        <translation>无法写入设置。</translation>
    </message>
</context>
<context>
    <name>PreferencesPage</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Search settings</source>
        <translation>搜索设置</translation>
    </message>
    <message>
        <source>No setting has these words.</source>
        <translation>没有包含这些词的设置。</translation>
    </message>
</context>
<context>
    <name>RecoveryDialog</name>
    <message>
        <source>Recovery code</source>
        <translation>恢复代码</translation>
    </message>
    <message>
        <source>Keep a way back to your chats</source>
        <translation>为您的对话留一条退路</translation>
    </message>
    <message>
        <source>Your chats are encrypted. If this computer loses their key, only a recovery code opens them. It is shown once; keep it outside this computer.</source>
        <translation>您的对话已加密。如果本机丢失了密钥，只有恢复代码能打开它们。代码只显示一次，请保存在本机之外。</translation>
    </message>
    <message>
        <source>Make a recovery code</source>
        <translation>生成恢复代码</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>暂不</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Save to a file…</source>
        <translation>保存到文件…</translation>
    </message>
    <message>
        <source>I have kept it</source>
        <translation>我已保存好</translation>
    </message>
    <message>
        <source>The file could not be written.</source>
        <translation>无法写入文件。</translation>
    </message>
    <message>
        <source>The code was saved.</source>
        <translation>代码已保存。</translation>
    </message>
    <message>
        <source>The code was copied.</source>
        <translation>代码已复制。</translation>
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
        <translation>发生了意外情况</translation>
    </message>
    <message>
        <source>This is a mistake in Hearth, not yours. Your chats are safe.</source>
        <translation>这是 Hearth 的错误，不是您的。您的对话是安全的。</translation>
    </message>
    <message>
        <source>You can go on. The details below help to mend it; nothing was sent.</source>
        <translation>您可以继续使用。下面的详情有助于修复它；没有发送任何内容。</translation>
    </message>
</context>
<context>
    <name>Session</name>
    <message>
        <source>Your chats are not encrypted, so they need no recovery code.</source>
        <translation>您的对话没有加密，所以不需要恢复代码。</translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message>
        <source>New chat</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Search chats</source>
        <translation>搜索对话</translation>
    </message>
    <message>
        <source>No chat has these words in its title.</source>
        <translation>没有标题包含这些词的对话。</translation>
    </message>
    <message>
        <source>Your chats will stand here.</source>
        <translation>您的对话会显示在这里。</translation>
    </message>
</context>
<context>
    <name>Statistics</name>
    <message>
        <source>{number} tokens/s</source>
        <translation>{number} 词元/秒</translation>
    </message>
    <message>
        <source>first word after {number} s</source>
        <translation>{number} 秒后出首词</translation>
    </message>
    <message>
        <source>stopped by you</source>
        <translation>由您停止</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>已中断</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>reached the limit</source>
        <translation>达到上限</translation>
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
        <translation>对话标题</translation>
    </message>
</context>
<context>
    <name>UndoBar</name>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message numerus="yes">
        <source>%Ln chats deleted</source>
        <translation>
            <numerusform>已删除 %Ln 个对话</numerusform>
        </translation>
    </message>
    <message>
        <source>Chat deleted</source>
        <translation>对话已删除</translation>
    </message>
</context>
<context>
    <name>UnlockPage</name>
    <message>
        <source>Opening your chats…</source>
        <translation>正在打开您的对话…</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>密码短语</translation>
    </message>
    <message>
        <source>Passphrase again</source>
        <translation>再次输入密码短语</translation>
    </message>
    <message>
        <source>Recovery code</source>
        <translation>恢复代码</translation>
    </message>
    <message>
        <source>Open with recovery code</source>
        <translation>用恢复代码打开</translation>
    </message>
    <message>
        <source>Try the keyring again</source>
        <translation>再次尝试密钥环</translation>
    </message>
    <message>
        <source>Keep the chats unencrypted</source>
        <translation>不加密保存对话</translation>
    </message>
    <message>
        <source>Use this passphrase</source>
        <translation>使用此密码短语</translation>
    </message>
    <message>
        <source>Open my chats</source>
        <translation>打开我的对话</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Then everyone who can read this computer&apos;s files can read your chats.</source>
        <translation>这样，任何能读取本机文件的人都能读到您的对话。</translation>
    </message>
    <message>
        <source>How should your chats be locked?</source>
        <translation>您想如何锁定对话？</translation>
    </message>
    <message>
        <source>Hearth keeps your chats in an encrypted file. Usually the system&apos;s keyring holds its key; here it can&apos;t. Choose a passphrase instead.</source>
        <translation>Hearth 将您的对话保存在加密文件中。通常由系统密钥环保管密钥，但此处不可用。请改为设置密码短语。</translation>
    </message>
    <message>
        <source>Your chats are locked</source>
        <translation>您的对话已锁定</translation>
    </message>
    <message>
        <source>Nothing is lost. They open with their key.</source>
        <translation>什么都没有丢失，有密钥即可打开。</translation>
    </message>
    <message>
        <source>This passphrase is too short to protect anything.</source>
        <translation>此密码短语太短，起不到保护作用。</translation>
    </message>
    <message numerus="yes">
        <source>Take at least %Ln characters.</source>
        <translation>
            <numerusform>请至少使用 %Ln 个字符。</numerusform>
        </translation>
    </message>
    <message>
        <source>The two passphrases differ.</source>
        <translation>两次输入的密码短语不一致。</translation>
    </message>
    <message>
        <source>Type both again.</source>
        <translation>请重新输入两次。</translation>
    </message>
</context>
<context>
    <name>UserRow</name>
    <message>
        <source>Your message</source>
        <translation>您的消息</translation>
    </message>
</context>
<context>
    <name>Welcome</name>
    <message>
        <source>New chat</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>For everything else, add a model:</source>
        <translation>想做更多，请添加模型：</translation>
    </message>
    <message>
        <source>Add model</source>
        <translation>添加模型</translation>
    </message>
    <message>
        <source>Open a GGUF file…</source>
        <translation>打开 GGUF 文件…</translation>
    </message>
    <message>
        <source>What is on your mind?</source>
        <translation>您在想什么？</translation>
    </message>
    <message>
        <source>The model answers on this computer, also without a network.</source>
        <translation>模型在本机作答，没有网络也可以。</translation>
    </message>
    <message>
        <source>Hello, this is the Guide</source>
        <translation>您好，我是向导</translation>
    </message>
    <message>
        <source>I am built into Hearth and need no download. Ask me how Hearth works, or about a text that you paste; small talk is fine too.</source>
        <translation>我内置在 Hearth 中，无需下载。可以问我 Hearth 怎么用，也可以粘贴一段英文文字来提问，或者随便聊几句。</translation>
    </message>
    <message>
        <source>First, a model</source>
        <translation>首先，选一个模型</translation>
    </message>
    <message>
        <source>Hearth runs open models on this computer. Download one from a Hub, or open a GGUF file that you have.</source>
        <translation>Hearth 在本机运行开放模型。请从 Hub 下载一个，或打开您已有的 GGUF 文件。</translation>
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
        <translation>剩余约 {number} 秒</translation>
    </message>
    <message>
        <source>about {number} min left</source>
        <translation>剩余约 {number} 分钟</translation>
    </message>
    <message>
        <source>about {number} h left</source>
        <translation>剩余约 {number} 小时</translation>
    </message>
</context>
</TS>
