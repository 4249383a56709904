//! How it starts, what it refuses, how it ends.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::program::{Engine, TOKEN, outcome, private_folder};

fn health(mut wire: impl Read + Write, host: &str) -> String {
    let head =
        format!("GET /health HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {TOKEN}\r\n\r\n");
    wire.write_all(head.as_bytes()).expect("sent");
    let mut answer = String::new();
    wire.read_to_string(&mut answer).expect("read");
    answer
}

#[test]
fn it_listens_on_a_private_socket_until_its_input_ends() {
    let folder = private_folder();
    let path = folder.path().join("engine.sock");
    let shown = path.to_str().expect("UTF-8");
    let mut engine = Engine::start(&["serve", "--socket", shown]);
    assert_eq!(engine.ready["ready"], true);
    assert_eq!(engine.ready["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(engine.ready["socket"], shown);
    let mode = fs::metadata(&path).expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let wire = UnixStream::connect(&path).expect("connected");
    assert!(health(wire, "hearth").starts_with("HTTP/1.1 200 "));

    drop(engine.stdin.take());
    let (took, well) = engine.end();
    assert!(well && took < Duration::from_secs(20), "{took:?}");
    assert!(!path.exists());
}

#[test]
fn it_listens_on_a_free_loopback_port() {
    let engine = Engine::start(&["serve", "--listen", "127.0.0.1:0"]);
    let address = engine.ready["address"]
        .as_str()
        .expect("an address")
        .to_owned();
    let wire = std::net::TcpStream::connect(&address).expect("connected");
    assert!(health(wire, &address).starts_with("HTTP/1.1 200 "));
}

#[test]
fn it_ends_in_order_at_a_signal() {
    for signal in ["-TERM", "-INT"] {
        let folder = private_folder();
        let path = folder.path().join("engine.sock");
        let engine = Engine::start(&["serve", "--socket", path.to_str().expect("UTF-8")]);
        let pid = engine.child.id().to_string();
        assert!(
            Command::new("kill")
                .args([signal, &pid])
                .status()
                .expect("kill")
                .success()
        );
        let (took, well) = engine.end();
        assert!(well && took < Duration::from_secs(20), "{took:?}");
        assert!(!path.exists());
    }
}

#[test]
fn weak_tokens_are_refused_in_one_sentence() {
    for (input, words) in [
        ("", "32"),
        ("short\n", "32"),
        ("spaces in a token of enough length\n", "ASCII"),
    ] {
        let output = outcome(&["serve", "--listen", "127.0.0.1:0"], input);
        assert_eq!(output.status.code(), Some(1), "{input:?}");
        let said = String::from_utf8(output.stderr).expect("UTF-8");
        assert!(
            said.starts_with("error: ") && said.contains(words),
            "{said}"
        );
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(output.stdout.is_empty(), "it was never ready");
    }
}

#[test]
fn places_that_others_can_reach_are_refused() {
    let open = private_folder();
    fs::set_permissions(open.path(), fs::Permissions::from_mode(0o755)).expect("opened");
    let in_open = open.path().join("s");
    let in_nothing = open.path().join("missing").join("s");
    let line = format!("{TOKEN}\n");
    for (flag, place, words) in [
        ("--socket", in_open.as_path(), "chmod 700"),
        ("--socket", in_nothing.as_path(), "missing"),
        ("--listen", Path::new("0.0.0.0:0"), "not a loopback address"),
        ("--listen", Path::new("[::]:0"), "not a loopback address"),
    ] {
        let output = outcome(&["serve", flag, place.to_str().expect("UTF-8")], &line);
        assert_eq!(output.status.code(), Some(1), "{}", place.display());
        let said = String::from_utf8(output.stderr).expect("UTF-8");
        assert!(said.contains(words), "{said}");
    }
    assert!(!in_open.exists());
}

#[test]
fn arguments_that_make_no_sense_are_refused() {
    for arguments in [
        &["serve"][..],
        &["serve", "--listen", "localhost"],
        &["serve", "--socket", "/tmp/s", "--listen", "127.0.0.1:0"],
        &["serve", "--log", "loud", "--listen", "127.0.0.1:0"],
        &["nonsense"],
        &[],
    ] {
        assert_eq!(
            outcome(arguments, "").status.code(),
            Some(2),
            "{arguments:?}"
        );
    }
}
