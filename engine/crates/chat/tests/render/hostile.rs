//! Templates that mean harm, and helper programs that fail: an error each, and the next
//! conversation is rendered as if nothing had been.

use std::time::{Duration, Instant};

use crate::support::{CHATML, DOUBLING, helper, input, text};
use hearth_api::EngineError;
use hearth_chat::RenderHelper;

/// The reason that rendering `template` gives; proves that the helper works on after it.
fn reason_of(template: &str) -> String {
    let helper = helper();
    let good = input(CHATML, &[("user", "Hi")]);
    let before = text(&helper.render(&good).expect("renders before"));
    let result = helper.render(&input(template, &[("user", "Hi")]));
    let after = text(&helper.render(&good).expect("renders after"));
    assert_eq!(before, after);
    match result {
        Err(EngineError::Template { reason }) => reason,
        other => panic!("not a template error: {other:?}"),
    }
}

#[test]
fn a_loop_of_10_to_the_8_ends_after_a_second() {
    let helper = helper();
    helper
        .render(&input(CHATML, &[("user", "Hi")]))
        .expect("starts");
    let template = "{% for a in range(10000) %}{% for b in range(10000) %}\
                    {% set c = a * b %}{% endfor %}{% endfor %}";
    let start = Instant::now();
    let result = helper.render(&input(template, &[("user", "Hi")]));
    let took = start.elapsed();
    assert_eq!(
        result,
        Err(EngineError::Template {
            reason: "it took longer than 1 s".to_owned()
        })
    );
    assert!(
        took >= Duration::from_secs(1) && took < Duration::from_secs(10),
        "{took:?}"
    );
    helper
        .render(&input(CHATML, &[("user", "Hi")]))
        .expect("renders after");
}

#[test]
fn a_template_that_eats_memory_is_stopped() {
    // Which limit is met first depends on how busy the machine is. A test of the process alone
    // holds the memory limit to its number.
    let limits = [
        "it took more than 256 MiB of memory",
        "it took longer than 1 s",
    ];
    for template in [
        DOUBLING,
        "{% for i in range(1000000000) %}{{ i }}{% endfor %}",
    ] {
        let reason = reason_of(template);
        assert!(limits.contains(&reason.as_str()), "{reason}");
    }
}

#[test]
fn endless_recursion_is_survived() {
    let reason = reason_of("{% macro f(n) %}{{ f(n + 1) }}{% endmacro %}{{ f(0) }}");
    let known = [
        "it crashed its process",
        "it took more than 256 MiB",
        "it took longer than 1 s",
    ];
    assert!(
        known.iter().any(|start| reason.starts_with(start)),
        "{reason}"
    );
}

#[test]
fn a_deeply_nested_source_is_survived() {
    let template = format!("{{{{ {}1{} }}}}", "(".repeat(120_000), ")".repeat(120_000));
    let reason = reason_of(&template);
    // A busy machine may meet the other limit before the stack is full.
    let known = ["it crashed its process", "it took longer than 1 s"];
    assert!(
        known.iter().any(|start| reason.starts_with(start)),
        "{reason}"
    );
}

#[test]
fn a_long_output_is_refused() {
    // Only in this conversation: llama.cpp tries every template out some twenty times.
    let line = "x".repeat(250_000);
    let template = format!(
        "{{% if messages[0].content == 'Hi' %}}{{% for i in range(9) %}}{line}{{% endfor %}}{{% endif %}}"
    );
    assert_eq!(
        reason_of(&template),
        "the prompt that it made is longer than 2 MiB"
    );
}

#[test]
fn a_long_error_is_cut() {
    let template = "{{ raise_exception(messages[0].content) }}";
    let result = helper().render(&input(template, &[("user", &"long ".repeat(2_000))]));
    let Err(EngineError::Template { reason }) = result else {
        panic!("{result:?}")
    };
    assert!(reason.len() < 600, "{} bytes", reason.len());
}

#[test]
fn a_missing_program_is_an_error() {
    let helper = RenderHelper::new("/nowhere/hearth-engine".into());
    let result = helper.render(&input(CHATML, &[("user", "Hi")]));
    assert!(
        matches!(result, Err(EngineError::Internal { .. })),
        "{result:?}"
    );
}

#[cfg(unix)]
mod programs {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::path::PathBuf;

    use hearth_api::EngineError;
    use hearth_chat::RenderHelper;

    use crate::support::{CHATML, input};

    /// A shell script in the place of the helper program.
    struct Script {
        _folder: tempfile::TempDir,
        path: PathBuf,
    }

    impl Script {
        fn new(body: &str) -> Self {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("program");
            fs::write(&path, format!("#!/bin/sh\n{body}\n")).expect("written");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("executable");
            Self {
                _folder: folder,
                path,
            }
        }
    }

    fn result_of(body: &str) -> Result<Vec<hearth_api::TextPiece>, EngineError> {
        let script = Script::new(body);
        RenderHelper::new(script.path.clone()).render(&input(CHATML, &[("user", "Hi")]))
    }

    #[test]
    fn one_that_ends_at_once() {
        let result = result_of("exit 3");
        assert!(
            matches!(result, Err(EngineError::Internal { .. })),
            "{result:?}"
        );
    }

    #[test]
    fn one_that_says_something_else() {
        let result = result_of("echo hello; read line");
        assert!(
            matches!(result, Err(EngineError::Internal { .. })),
            "{result:?}"
        );
    }

    #[test]
    fn one_that_answers_nonsense() {
        let result = result_of("echo ready; read line; echo '{\"prompt\": 7}'");
        assert!(
            matches!(result, Err(EngineError::Internal { .. })),
            "{result:?}"
        );
    }

    #[test]
    fn one_that_dies_while_it_renders() {
        let result = result_of("echo ready; read line; kill -SEGV $$");
        let Err(EngineError::Template { reason }) = result else {
            panic!("{result:?}")
        };
        assert!(
            reason.starts_with("it crashed its process (signal: 11"),
            "{reason}"
        );
    }

    #[test]
    fn one_that_never_reads() {
        let script = Script::new("echo ready; exec sleep 600");
        let content = "a".repeat(1 << 20);
        let result =
            RenderHelper::new(script.path.clone()).render(&input(CHATML, &[("user", &content)]));
        let Err(EngineError::Template { reason }) = result else {
            panic!("{result:?}")
        };
        assert_eq!(reason, "it took longer than 1 s");
    }

    #[test]
    fn one_that_ended_between_two_requests_is_started_again() {
        let script = Script::new("echo ready; read line; echo '{\"prompt\":\"once\"}'");
        let helper = RenderHelper::new(script.path.clone());
        for _ in 0..3 {
            let pieces = helper
                .render(&input(CHATML, &[("user", "Hi")]))
                .expect("renders");
            assert_eq!(pieces[0].text, "once");
        }
    }
}
