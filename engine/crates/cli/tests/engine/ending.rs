//! Nothing of the engine outlives what started it.

use std::io::Read;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::json;

use crate::program::{PATIENCE, Served, TOKEN, children, ends, installed, kill};
use crate::tiny_model::TinyModel;

/// The promise is that two seconds after the end of the app there is no process of the engine; a
/// machine that is busy with other tests gets ten times that, in which no answer in progress ends.
const AT_ONCE: Duration = Duration::from_secs(20);

/// An engine in mid-answer, with its worker and the worker's template helper.
fn busy() -> (Served, Vec<u32>) {
    let served = Served::start();
    let template = Some("{{ messages[0].content }}");
    let worker = served.load(
        "slow",
        &TinyModel {
            template,
            ..TinyModel::slow()
        },
    );
    let body = json!({
        "model": "slow", "messages": [{"role": "user", "content": "x"}], "ignore_eos": true,
        "stream": true,
    });
    let mut events = served.events("/v1/chat/completions", &body);
    assert!(
        events
            .next()
            .is_some_and(|chunk| chunk.get("choices").is_some())
    );
    let mut family = children(worker);
    assert!(!family.is_empty(), "there is a template helper");
    family.push(worker);
    (served, family)
}

#[test]
fn the_end_of_its_input_ends_all_of_it() {
    let (mut served, family) = busy();
    drop(served.engine.stdin.take());
    let (took, well) = served.engine.end();
    assert!(well && took < AT_ONCE, "{took:?}");
    assert!(family.into_iter().all(|pid| ends(pid, AT_ONCE)));
}

#[test]
fn a_killed_router_takes_all_of_it_along() {
    let (mut served, family) = busy();
    kill(served.engine.child.id());
    served.engine.child.wait().expect("reaped");
    assert!(family.into_iter().all(|pid| ends(pid, AT_ONCE)));
}

#[test]
fn it_ends_with_its_parent_even_if_its_input_stays_open() {
    let mut shell = Command::new("sh")
        .args([
            "-c",
            r#"exec 3<&0; "$0" serve --listen 127.0.0.1:0 <&3 & wait"#,
        ])
        .arg(installed())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("started");
    let mut stdin = shell.stdin.take().expect("piped");
    std::io::Write::write_all(&mut stdin, format!("{TOKEN}\n").as_bytes()).expect("written");
    let mut stdout = shell.stdout.take().expect("piped");
    let mut ready = [0; 1];
    stdout
        .read_exact(&mut ready)
        .expect("the ready line begins");
    let engine = children(shell.id());
    assert_eq!(engine.len(), 1);
    kill(shell.id());
    shell.wait().expect("reaped");
    assert!(ends(engine[0], PATIENCE), "its input is still open here");
    drop(stdin);
}
