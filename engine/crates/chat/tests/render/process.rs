//! The life of the helper process, seen from outside: its limits, and that it never stays behind.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::support::{self, CHATML, DOUBLING, input};
use hearth_chat::RenderHelper;

/// Longer than anything here takes; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// A template that does not end in this life.
const ENDLESS: &str =
    "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}";

/// Starts the helper by hand and waits for its first line.
fn started() -> (Child, BufReader<std::process::ChildStdout>) {
    let mut child = Command::new(support::program())
        .arg("render")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut output = BufReader::new(child.stdout.take().expect("piped"));
    let mut line = String::new();
    output.read_line(&mut line).expect("reads");
    assert_eq!(line, "ready\n");
    (child, output)
}

fn limit(limits: &str, name: &str) -> String {
    let line = limits
        .lines()
        .find(|line| line.starts_with(name))
        .expect("listed");
    line[name.len()..]
        .split_whitespace()
        .next()
        .expect("a value")
        .to_owned()
}

/// The children of this process that run `program`.
fn children(program: &Path) -> Vec<u32> {
    let own = std::process::id().to_string();
    let processes = fs::read_dir("/proc").expect("reads /proc");
    processes
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok())
        .filter(|pid| {
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            let after_name = stat.rsplit_once(") ").map_or("", |(_, rest)| rest);
            after_name.split(' ').nth(1) == Some(own.as_str())
                && fs::read_link(format!("/proc/{pid}/exe")).is_ok_and(|exe| exe == program)
        })
        .collect()
}

/// Whether everything is read before the patience ends: all writers of the pipe are gone.
fn ends(mut output: impl Read + Send + 'static) -> bool {
    let (done, waits) = mpsc::channel();
    thread::spawn(move || {
        let mut rest = Vec::new();
        let _ = done.send(output.read_to_end(&mut rest));
    });
    waits.recv_timeout(PATIENCE).is_ok()
}

/// A size in bytes from `/proc/<pid>/status`.
fn size(pid: u32, name: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("reads");
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix(name))
        .expect("listed");
    let kibibytes: u64 = line
        .trim_matches([':', ' ', '\t', 'k', 'B'])
        .parse()
        .expect("a number");
    kibibytes * 1024
}

/// One request as the shim reads it.
fn request(template: &str) -> serde_json::Value {
    serde_json::json!({
        "template": template, "bos": "", "eos": "",
        "messages": [{"role": "user", "content": "Hi"}],
        "add_generation_prompt": true, "kwargs": {}, "max_prompt_bytes": 1000,
    })
}

/// What the helper answers, however long it takes.
fn answer(child: &mut Child, output: &mut impl BufRead, request: &str) -> serde_json::Value {
    writeln!(child.stdin.as_mut().expect("open"), "{request}").expect("writes");
    let mut line = String::new();
    output.read_line(&mut line).expect("reads");
    serde_json::from_str(&line).expect("JSON")
}

#[test]
fn it_limits_itself() {
    let (mut child, _output) = started();
    let limits = fs::read_to_string(format!("/proc/{}/limits", child.id())).expect("reads");
    assert_eq!(limit(&limits, "Max core file size"), "0");
    let space: u64 = limit(&limits, "Max address space")
        .parse()
        .expect("a number");
    let room = space.saturating_sub(size(child.id(), "VmSize"));
    assert!((200 << 20..=256 << 20).contains(&room), "{room}");
    drop(child.stdin.take());
    assert!(child.wait().expect("reaped").success());
}

#[test]
fn it_takes_no_more_memory_than_it_may() {
    let (mut child, mut output) = started();
    let mapped = size(child.id(), "VmSize");
    let reply = answer(&mut child, &mut output, &request(DOUBLING).to_string());
    assert_eq!(reply, "out_of_memory");
    let taken = size(child.id(), "VmPeak") - mapped;
    assert!((100 << 20..=256 << 20).contains(&taken), "{taken}");
    let reply = answer(
        &mut child,
        &mut output,
        &request("{{ messages[0].content }}").to_string(),
    );
    assert_eq!(reply, serde_json::json!({"prompt": "Hi"}));
    drop(child.stdin.take());
    child.wait().expect("reaped");
}

#[test]
fn a_line_that_is_no_request_is_answered() {
    let (mut child, mut output) = started();
    for line in [
        "",
        "nonsense",
        "{}",
        "[]",
        "{\"template\": 7}",
        "\u{FFFD}",
        "{\"template\": \"\"}",
    ] {
        let reply = answer(&mut child, &mut output, line);
        assert!(reply["failed"].is_string(), "{line}: {reply}");
    }
    let reply = answer(
        &mut child,
        &mut output,
        &request(&"x".repeat(1_001)).to_string(),
    );
    assert_eq!(reply, "too_long");
    drop(child.stdin.take());
    child.wait().expect("reaped");
}

#[test]
fn it_ends_with_its_input() {
    let (mut child, output) = started();
    drop(child.stdin.take());
    assert!(ends(output));
    assert!(child.wait().expect("reaped").success());
}

#[test]
fn it_dies_with_its_parent_even_while_it_renders() {
    // The shell is its parent; its input and output are ours and stay open.
    let mut shell = Command::new("sh")
        .args(["-c", "exec 3<&0; \"$0\" render <&3 & echo $!; wait"])
        .arg(support::program())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut requests = shell.stdin.take().expect("piped");
    let mut output = BufReader::new(shell.stdout.take().expect("piped"));
    let mut lines = String::new();
    for _ in 0..2 {
        output.read_line(&mut lines).expect("reads");
    }
    let (ready, pid): (Vec<&str>, Vec<&str>) = lines.lines().partition(|line| *line == "ready");
    assert_eq!((ready.len(), pid.len()), (1, 1), "{lines}");
    writeln!(requests, "{}", request(ENDLESS)).expect("writes");
    shell.kill().expect("killed");
    shell.wait().expect("reaped");
    let dead = ends(output);
    if !dead {
        Command::new("kill")
            .args(["-9", pid[0]])
            .status()
            .expect("kills");
    }
    assert!(dead, "the helper outlived its parent");
    drop(requests);
}

#[test]
fn no_process_is_left_by_a_render_helper() {
    // A program of its own, so that the helpers of other tests are not counted.
    let folder = tempfile::tempdir().expect("a folder");
    let program = folder.path().canonicalize().expect("a path").join("helper");
    fs::copy(support::program(), &program).expect("copied");
    let good = input(CHATML, &[("user", "Hi")]);
    let helper = RenderHelper::new(program.clone());
    assert_eq!(
        children(&program).len(),
        0,
        "it starts only when it is needed"
    );
    helper.render(&good).expect("renders");
    let first = children(&program);
    assert_eq!(first.len(), 1);
    helper.render(&good).expect("renders");
    assert_eq!(children(&program), first, "it is used again");
    helper
        .render(&input(ENDLESS, &[("user", "Hi")]))
        .expect_err("too slow");
    assert_eq!(children(&program).len(), 0, "it is ended and reaped");
    helper.render(&good).expect("renders");
    let second = children(&program);
    assert_eq!(second.len(), 1);
    assert_ne!(second, first);
    drop(helper);
    assert_eq!(children(&program).len(), 0);
}
