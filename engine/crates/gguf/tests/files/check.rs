//! What the checker passes, and what it says of what it refuses.

use std::fs;
use std::path::Path;

use crate::draft::{Draft, Field, N_KEYS, part, sound};
use hearth_gguf::{GgufError, GgufErrorKind, KvType, Report, check_file, estimate, sample_id};
use tempfile::tempdir;

fn checked(draft: &Draft) -> Result<Report, GgufError> {
    let folder = tempdir().expect("a folder");
    check_file(&draft.write(folder.path(), "model.gguf"))
}

fn refused(draft: &Draft) -> GgufError {
    checked(draft).expect_err("must be refused")
}

fn refused_bytes(bytes: &[u8]) -> GgufError {
    let folder = tempdir().expect("a folder");
    let path = folder.path().join("model.gguf");
    fs::write(&path, bytes).expect("the folder can be written");
    check_file(&path).expect_err("must be refused")
}

/// The sound model with one more setting before its tensors.
fn with(add: impl Fn(&mut Draft)) -> Draft {
    let mut extra = Draft::default();
    add(&mut extra);
    let mut draft = sound();
    draft.fields[3] = Field::U64(N_KEYS + 1);
    draft.fields.splice(4..4, extra.fields);
    draft
}

/// The sound model with the first place of these bytes replaced.
fn replaced(old: &[u8], new: &[u8]) -> Vec<u8> {
    let bytes = sound().bytes();
    let at = bytes
        .windows(old.len())
        .position(|window| window == old)
        .expect("the bytes are there");
    [&bytes[..at], new, &bytes[at + old.len()..]].concat()
}

#[test]
fn reports_what_a_sound_model_is() {
    let report = checked(&sound()).expect("sound");
    assert_eq!(report.architecture, "llama");
    assert_eq!(report.name, "tiny");
    assert_eq!(report.quantization, "Q4_K_M");
    assert_eq!((report.n_tensors, report.n_params), (2, 256 + 768));
    assert_eq!((report.context_length, report.block_count), (512, 2));
    assert_eq!(report.n_vocab, 4);
    assert!(report.has_chat_template);
    assert!(!report.split);
    assert_eq!(report.size_bytes, sound().bytes().len() as u64);
}

#[test]
fn estimates_memory_from_the_header() {
    let report = checked(&sound()).expect("sound");
    let need = estimate(&report, 300, KvType::F16);
    assert_eq!(need.weights, 1024 + 432);
    // 2 layers, keys and values of 64 numbers of 2 bytes, 512 tokens
    assert_eq!(need.kv_cache, 2 * 2 * 64 * 2 * 512);
    // logits of 4 entries, 5 streams of 64 numbers and the mask, for 512 tokens
    assert_eq!(need.compute, (4 + 5 * 64 + 512) * 512 * 4);
    let small = estimate(&report, 300, KvType::Q8_0);
    assert_eq!(small.kv_cache, need.kv_cache / 64 * 34);
    assert_eq!(need.total(), need.weights + need.kv_cache + need.compute);
}

#[test]
fn names_what_is_no_gguf_file() {
    let safetensors = [&2_u64.to_le_bytes()[..], b"{}"].concat();
    for (bytes, word) in [
        (&b""[..], "empty"),
        (&[0; 4096], "zeros"),
        (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS"),
        (b"\n  <!DOCTYPE html>", "web page"),
        (b"<HTML>", "web page"),
        (b"{\"error\":\"Repository not found\"}", "JSON"),
        (b"PK\x03\x04rest", "zip"),
        (b"\x80\x02}q\x00", "pickle"),
        (b"lmggrest", "GGML"),
        (b"tjggrest", "GGML"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"%PDF-1.7", "PDF"),
        (&safetensors, "safetensors"),
        (b"\xde\xad\xbe\xef\x00", "de ad be ef"),
        (b"GG", "47 47"),
    ] {
        let error = refused_bytes(bytes);
        assert_eq!(error.kind, GgufErrorKind::Foreign);
        assert!(error.reason.contains(word), "{word}: {}", error.reason);
    }
}

#[test]
fn names_versions_that_it_does_not_know() {
    for (version, word) in [(1_u32, "version 1"), (4, "version 4"), (0, "version 0")] {
        let mut draft = sound();
        draft.fields[1] = Field::U32(version);
        assert!(refused(&draft).reason.contains(word));
    }
    let mut draft = sound();
    draft.fields[1] = Field::U32(3_u32.swap_bytes());
    assert!(refused(&draft).reason.contains("big-endian"));
    draft.fields[1] = Field::U32(2);
    assert!(checked(&draft).is_ok());
}

#[test]
fn says_where_a_file_was_cut_off() {
    let bytes = sound().bytes();
    let header = sound().header().len();
    for cut in 4..bytes.len() {
        let error = refused_bytes(&bytes[..cut]);
        assert_eq!(error.kind, GgufErrorKind::Truncated, "cut at {cut}");
        let offset = error.offset.expect("an offset");
        assert!(offset <= cut as u64);
        let word = if cut < header {
            "ends within"
        } else {
            "incomplete"
        };
        assert!(
            error.reason.contains(word),
            "cut at {cut}: {}",
            error.reason
        );
    }
    assert!(checked(&sound()).is_ok());
}

#[test]
fn refuses_absurd_counts_and_lengths() {
    for (index, number) in [(2, 1 << 60), (3, 1 << 60), (3, u64::MAX), (4, 1 << 62)] {
        let mut draft = sound();
        draft.fields[index] = Field::U64(number);
        let error = refused(&draft);
        assert_eq!(error.kind, GgufErrorKind::Limit);
        assert!(error.offset.is_some());
    }
    let long = "x".repeat((256 << 10) + 1);
    let error = refused(&with(|draft| {
        draft.text("tokenizer.chat_template.tools", &long);
    }));
    assert_eq!(error.kind, GgufErrorKind::Limit);
    let fits = with(|draft| {
        draft.text("general.description", &long);
    });
    assert!(checked(&fits).is_ok());
}

#[test]
fn refuses_what_is_there_twice() {
    let key = refused(&with(|draft| {
        draft.text("general.name", "other");
    }));
    assert_eq!(key.kind, GgufErrorKind::Duplicate);
    assert!(key.reason.contains("general.name"));
    let token = refused_bytes(&replaced(b"<s>", b"a\0b"));
    assert_eq!(token.kind, GgufErrorKind::Duplicate);
    assert!(token.reason.contains("“a”"));
    let tensor = refused_bytes(&replaced(
        &[&13_u64.to_le_bytes()[..], b"output.weight"].concat(),
        &[&17_u64.to_le_bytes()[..], b"token_embd.weight"].concat(),
    ));
    assert_eq!(tensor.kind, GgufErrorKind::Duplicate);
}

#[test]
fn refuses_texts_that_are_not_utf8() {
    let error = refused_bytes(&replaced(b"tiny", b"t\xffny"));
    assert!(error.reason.contains("UTF-8"));
    assert!(error.reason.contains("general.name"));
    assert!(
        refused_bytes(&replaced(b"<s>", b"<\xc3>"))
            .reason
            .contains("UTF-8")
    );
}

#[test]
fn refuses_bad_values() {
    let nested = refused(&with(|draft| {
        draft.array("x", 9, 1);
    }));
    assert!(nested.reason.contains("list of lists"));
    let unknown = refused(&with(|draft| {
        draft.string("x").fields.push(Field::U32(13));
    }));
    assert_eq!(unknown.kind, GgufErrorKind::Unsupported);
    let unnamed = refused(&with(|draft| {
        draft.text("", "x");
    }));
    assert!(unnamed.reason.contains("no name"));
    for alignment in [0_u32, 1, 24, 1 << 20] {
        let mut draft = sound();
        let value = draft
            .fields
            .iter()
            .position(|field| matches!(field, Field::U32(32)))
            .expect("the alignment");
        draft.fields[value] = Field::U32(alignment);
        assert!(refused(&draft).reason.contains("alignment"));
    }
}

#[test]
fn refuses_tensors_that_can_not_be() {
    let with_tensor = |dims: &[u64], kind: u32, offset: u64| {
        let mut draft = Draft::new(1, 0);
        draft.tensor("x", dims, kind, offset);
        draft.data = 4096;
        refused(&draft)
    };
    for (error, word) in [
        (with_tensor(&[1 << 62, 4], 0, 0), "larger than"),
        (with_tensor(&[1 << 62, 1 << 62, 2, 2], 0, 0), "larger than"),
        (with_tensor(&[1 << 61, 1], 28, 0), "larger than"),
        (with_tensor(&[u64::MAX], 0, 0), "larger than"),
        (with_tensor(&[4, 0], 0, 0), "rows of"),
        (with_tensor(&[255], 12, 0), "multiple of 256"),
        (with_tensor(&[1; 5], 0, 0), "5 dimensions"),
        (with_tensor(&[1], 4, 0), "data type 4"),
        (with_tensor(&[1], 43, 0), "data type 43"),
        (with_tensor(&[1], 0, 32), "gap"),
        (with_tensor(&[2000], 0, 0), "incomplete"),
    ] {
        assert!(error.reason.contains(word), "{word}: {}", error.reason);
    }
    let mut draft = sound();
    *draft.fields.last_mut().expect("the last offset") = Field::U64(0);
    let overlap = refused(&draft);
    assert!(overlap.reason.contains("overlaps"));
}

#[test]
fn tells_models_from_their_companions() {
    for (kind, word) in [
        ("adapter", "LoRA"),
        ("mmproj", "vision"),
        ("imatrix", "importance"),
    ] {
        let error = refused(&with(|draft| {
            draft.text("general.type", kind);
        }));
        assert_eq!(error.kind, GgufErrorKind::NotALanguageModel);
        assert!(error.reason.contains(word));
    }
    let clip = refused_bytes(&replaced(
        b"\x05\0\0\0\0\0\0\0llama",
        b"\x04\0\0\0\0\0\0\0clip",
    ));
    assert!(clip.reason.contains("vision"));
    let mut vocabulary = sound();
    vocabulary.fields[2] = Field::U64(0);
    assert!(refused(&vocabulary).reason.contains("without a model"));
}

#[test]
fn refuses_what_ends_llama_cpp() {
    for layers in [0_u32, 513] {
        let value = [&b"llama.block_count"[..], &4_u32.to_le_bytes()].concat();
        let old = [&value[..], &2_u32.to_le_bytes()].concat();
        let new = [&value[..], &layers.to_le_bytes()].concat();
        assert!(
            refused_bytes(&replaced(&old, &new))
                .reason
                .contains("layers")
        );
    }
    let experts = refused(&with(|draft| {
        draft.number("llama.expert_count", 2000);
    }));
    assert!(experts.reason.contains("experts"));
    let epsilon = |value: f32| {
        with(|draft| {
            draft.string("llama.attention.layer_norm_rms_epsilon");
            draft.fields.push(Field::U32(6));
            draft.fields.push(Field::U32(value.to_bits()));
        })
    };
    assert!(checked(&epsilon(1e-5)).is_ok());
    for value in [-1e-5, f32::NAN, f32::NEG_INFINITY] {
        assert!(refused(&epsilon(value)).reason.contains("epsilon"));
    }
    let scores = refused(&with(|draft| {
        draft.numbers("tokenizer.ggml.scores", 6, &[0, 0]);
    }));
    assert!(scores.reason.contains("scores"));
    let missing = refused_bytes(&replaced(b"llama.context_length", b"llama.context_breadth"));
    assert_ne!(missing.kind, GgufErrorKind::Foreign);
}

fn write_parts(folder: &Path, count: u32) {
    for number in 0..count {
        let name = format!("big-{:05}-of-{count:05}.gguf", number + 1);
        part(number, count, count).write(folder, &name);
    }
}

#[test]
fn finds_all_parts_from_any_of_them() {
    let folder = tempdir().expect("a folder");
    write_parts(folder.path(), 3);
    for number in 1..=3 {
        let path = folder.path().join(format!("big-{number:05}-of-00003.gguf"));
        let report = check_file(&path).expect("all parts are there");
        assert!(report.split);
        assert_eq!(report.parts.len(), 3);
        assert_eq!(
            report.parts[0],
            folder.path().join("big-00001-of-00003.gguf")
        );
        assert_eq!((report.n_tensors, report.n_params), (3, 24));
    }
}

#[test]
fn names_the_part_that_is_missing() {
    let folder = tempdir().expect("a folder");
    write_parts(folder.path(), 3);
    let second = folder.path().join("big-00002-of-00003.gguf");
    fs::remove_file(&second).expect("removed");
    let error = check_file(&folder.path().join("big-00001-of-00003.gguf")).expect_err("missing");
    let missing = "big-00002-of-00003.gguf".to_owned();
    assert!(error.reason.contains(&missing));
    assert_eq!(error.kind, GgufErrorKind::PartMissing { missing, count: 3 });
    let renamed = folder.path().join("other.gguf");
    fs::rename(folder.path().join("big-00003-of-00003.gguf"), &renamed).expect("renamed");
    let error = check_file(&renamed).expect_err("its siblings can't be found");
    assert!(error.reason.contains("-00003-of-00003.gguf"));
}

#[test]
fn refuses_parts_that_do_not_belong_together() {
    let folder = tempdir().expect("a folder");
    let first = folder.path().join("big-00001-of-00002.gguf");
    write_parts(folder.path(), 2);
    part(0, 2, 2).write(folder.path(), "big-00002-of-00002.gguf");
    assert!(
        check_file(&first)
            .expect_err("twice the first")
            .reason
            .contains("00002")
    );
    write_parts(folder.path(), 2);
    part(0, 2, 5).write(folder.path(), "big-00001-of-00002.gguf");
    assert!(
        check_file(&first)
            .expect_err("too few")
            .reason
            .contains("2 tensors")
    );
    write_parts(folder.path(), 2);
    fs::write(folder.path().join("big-00002-of-00002.gguf"), b"<html>").expect("written");
    let error = check_file(&first).expect_err("a web page");
    assert!(error.reason.contains("big-00002") && error.reason.contains("web page"));
}

#[test]
fn refuses_what_is_no_regular_file() {
    let folder = tempdir().expect("a folder");
    assert!(
        check_file(folder.path())
            .expect_err("a folder")
            .reason
            .contains("folder")
    );
    let error = check_file(&folder.path().join("none.gguf")).expect_err("nothing there");
    assert_eq!(error.kind, GgufErrorKind::Unreadable);
    assert!(std::error::Error::source(&error).is_some());
}

#[test]
fn the_identity_follows_the_content_and_nothing_else() {
    let folder = tempdir().expect("a folder");
    let id = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).expect("written");
        sample_id(&path).expect("a sound model")
    };
    let bytes = sound().bytes();
    let first = id("a.gguf", &bytes);
    let start = format!("sample:{}:", bytes.len());
    assert!(first.starts_with(&start));
    assert_eq!(first.len(), start.len() + 64);
    assert_eq!(first, id("b.gguf", &bytes));
    let mut other = bytes.clone();
    *other.last_mut().expect("bytes") ^= 1;
    assert_ne!(first, id("a.gguf", &other));
    assert_ne!(first, id("a.gguf", &replaced(b"tiny", b"tony")));
}
