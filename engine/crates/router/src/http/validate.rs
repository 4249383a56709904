//! The ranges of a request's values. Each refusal names its field.

use hearth_api::{EngineError, Sampling};
use serde_json::Value;

use super::request::{GenerationBody, Stop};

/// Most stop texts in one request.
const MOST_STOPS: usize = 16;

/// Longest stop text, in bytes.
const LONGEST_STOP: usize = 1024;

/// A refusal of one field.
pub(super) fn wrong(field: &str, reason: &str) -> EngineError {
    EngineError::BadRequest {
        message: format!("{field}: {reason}"),
    }
}

/// Refuses what would silently not be done.
pub(super) fn refuse_unsupported(body: &GenerationBody) -> Result<(), EngineError> {
    let asks_for_logprobs = !matches!(body.logprobs, None | Some(Value::Null | Value::Bool(false)));
    let has = |list: &Option<Vec<Value>>| list.as_ref().is_some_and(|list| !list.is_empty());
    let is_text = body
        .response_format
        .as_ref()
        .is_none_or(|format| format.kind == "text");
    let refusals = [
        (
            body.n.is_some_and(|n| n != 1),
            "n",
            "must be 1: one answer at a time",
        ),
        (
            body.best_of.is_some_and(|n| n != 1),
            "best_of",
            "must be 1: one answer at a time",
        ),
        (body.echo == Some(true), "echo", "is not supported"),
        (
            body.suffix.as_ref().is_some_and(|it| !it.is_empty()),
            "suffix",
            "is not supported",
        ),
        (asks_for_logprobs, "logprobs", "is not supported"),
        (has(&body.tools), "tools", "is not supported"),
        (has(&body.functions), "functions", "is not supported"),
        (
            !is_text,
            "response_format",
            "only the type 'text' is supported",
        ),
        (
            body.logit_bias.as_ref().is_some_and(|it| !it.is_empty()),
            "logit_bias",
            "is not supported",
        ),
        (
            body.grammar.as_ref().is_some_and(|it| !it.is_empty()),
            "grammar",
            "is not supported",
        ),
        (
            body.json_schema.is_some(),
            "json_schema",
            "is not supported",
        ),
    ];
    match refusals.into_iter().find(|(asked, ..)| *asked) {
        Some((_, field, reason)) => Err(wrong(field, reason)),
        None => Ok(()),
    }
}

/// How to choose tokens.
pub(super) fn sampling(body: &GenerationBody) -> Result<Sampling, EngineError> {
    let default = Sampling::default();
    Ok(Sampling {
        temperature: within(
            "temperature",
            body.temperature,
            0.0,
            100.0,
            default.temperature,
        )?,
        top_k: whole("top_k", body.top_k, default.top_k)?.max(0),
        top_p: within("top_p", body.top_p, 0.0, 1.0, default.top_p)?,
        min_p: within("min_p", body.min_p, 0.0, 1.0, default.min_p)?,
        repeat_penalty: repeat_penalty(body.repeat_penalty, default.repeat_penalty)?,
        repeat_last_n: whole("repeat_last_n", body.repeat_last_n, default.repeat_last_n)?,
        presence_penalty: penalty("presence_penalty", body.presence_penalty)?,
        frequency_penalty: penalty("frequency_penalty", body.frequency_penalty)?,
        seed: seed(body.seed)?,
    })
}

/// Most tokens to write.
pub(super) fn max_tokens(body: &GenerationBody) -> Result<Option<u32>, EngineError> {
    let (field, value) = match body.max_completion_tokens {
        Some(value) => ("max_completion_tokens", Some(value)),
        None => ("max_tokens", body.max_tokens),
    };
    match value {
        Some(0) => Err(wrong(field, "must be at least 1")),
        other => Ok(other),
    }
}

/// Texts that end the answer.
pub(super) fn stop(stop: Option<Stop>) -> Result<Vec<String>, EngineError> {
    let texts = match stop {
        None => Vec::new(),
        Some(Stop::One(text)) => vec![text],
        Some(Stop::Several(texts)) => texts,
    };
    if texts.len() > MOST_STOPS {
        return Err(wrong(
            "stop",
            &format!("must have at most {MOST_STOPS} texts"),
        ));
    }
    if texts
        .iter()
        .any(|text| text.is_empty() || text.len() > LONGEST_STOP)
    {
        return Err(wrong(
            "stop",
            &format!("each text must have 1 to {LONGEST_STOP} bytes"),
        ));
    }
    Ok(texts)
}

fn within(
    field: &str,
    value: Option<f32>,
    least: f32,
    most: f32,
    default: f32,
) -> Result<f32, EngineError> {
    match value {
        None => Ok(default),
        Some(value) if (least..=most).contains(&value) => Ok(value),
        Some(_) => Err(wrong(field, &format!("must be from {least} to {most}"))),
    }
}

fn penalty(field: &str, value: Option<f32>) -> Result<f32, EngineError> {
    within(field, value, -2.0, 2.0, 0.0)
}

fn repeat_penalty(value: Option<f32>, default: f32) -> Result<f32, EngineError> {
    match value {
        None => Ok(default),
        Some(value) if value > 0.0 && value <= 10.0 => Ok(value),
        Some(_) => Err(wrong("repeat_penalty", "must be above 0 and at most 10")),
    }
}

/// A count, or -1, which stands for all.
fn whole(field: &str, value: Option<i32>, default: i32) -> Result<i32, EngineError> {
    match value {
        None => Ok(default),
        Some(value) if value >= -1 => Ok(value),
        Some(_) => Err(wrong(field, "must be at least 0, or -1")),
    }
}

/// The seed; -1 asks for a random one, as it does with llama-server.
fn seed(value: Option<i64>) -> Result<Option<u32>, EngineError> {
    match value {
        None | Some(-1) => Ok(None),
        Some(value) => u32::try_from(value)
            .map(Some)
            .map_err(|_| wrong("seed", &format!("must be from 0 to {}, or -1", u32::MAX))),
    }
}

#[cfg(test)]
mod tests {
    use hearth_api::EngineError;
    use serde_json::{Value, json};

    use super::super::request::{Asked, GenerationBody};

    fn ask(field: &str, value: &Value) -> Result<Asked, EngineError> {
        let body = json!({"model": "m", "prompt": "x", field: value});
        let body: GenerationBody = serde_json::from_value(body).expect("types are right");
        body.into_text()
    }

    #[test]
    fn values_out_of_range_are_refused_by_name() {
        let cases = [
            ("temperature", json!(-0.1)),
            ("temperature", json!(101)),
            ("temperature", json!(1e300)),
            ("top_p", json!(1.01)),
            ("top_p", json!(-0.01)),
            ("min_p", json!(2)),
            ("top_k", json!(-2)),
            ("repeat_last_n", json!(-2)),
            ("repeat_penalty", json!(0)),
            ("presence_penalty", json!(2.5)),
            ("frequency_penalty", json!(-2.5)),
            ("max_tokens", json!(0)),
            ("max_completion_tokens", json!(0)),
            ("seed", json!(-2)),
            ("seed", json!(4_294_967_296_i64)),
            ("stop", json!("")),
            ("stop", json!(["a", ""])),
            ("stop", json!(vec!["a"; 17])),
            ("n", json!(2)),
            ("best_of", json!(2)),
            ("echo", json!(true)),
            ("suffix", json!("x")),
            ("logprobs", json!(3)),
            ("tools", json!([{}])),
            ("functions", json!([{}])),
            ("response_format", json!({"type": "json_object"})),
            ("logit_bias", json!({"50256": -100})),
            ("grammar", json!("root ::= \"a\"")),
            ("json_schema", json!({"type": "object"})),
        ];
        for (field, value) in cases {
            let refusal = ask(field, &value).map(|_| ()).expect_err(field);
            let EngineError::BadRequest { message } = refusal else {
                panic!("{field}")
            };
            assert!(message.starts_with(&format!("{field}: ")), "{message}");
        }
    }

    #[test]
    fn values_at_their_bounds_pass() {
        let cases = [
            ("temperature", json!(0)),
            ("temperature", json!(100)),
            ("top_p", json!(1)),
            ("top_k", json!(-1)),
            ("max_tokens", json!(1)),
            ("seed", json!(4_294_967_295_i64)),
            ("stop", json!("a")),
            ("n", json!(1)),
            ("logprobs", json!(false)),
            ("tools", json!([])),
            ("response_format", json!({"type": "text"})),
            ("logit_bias", json!({})),
            ("logit_bias", json!(null)),
            ("grammar", json!("")),
            ("json_schema", json!(null)),
        ];
        for (field, value) in cases {
            assert!(ask(field, &value).is_ok(), "{field} {value}");
        }
    }

    #[test]
    fn minus_one_means_random_seed_and_all_tokens() {
        assert_eq!(
            ask("seed", &json!(-1))
                .expect("asked")
                .request
                .sampling
                .seed,
            None
        );
        assert_eq!(
            ask("top_k", &json!(-1))
                .expect("asked")
                .request
                .sampling
                .top_k,
            0
        );
    }

    #[test]
    fn the_newer_name_of_max_tokens_wins() {
        let body =
            json!({"model": "m", "prompt": "x", "max_tokens": 5, "max_completion_tokens": 7});
        let body: GenerationBody = serde_json::from_value(body).expect("types are right");
        assert_eq!(body.into_text().expect("asked").request.max_tokens, Some(7));
    }
}
