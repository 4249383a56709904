//! Files spoilt in every way that keeps their structure: the checker must answer, soundly.

use std::io::Write;

use crate::draft::{Draft, Field, sound};
use hearth_gguf::{check_file, check_safetensors, sample_id};
use proptest::prelude::*;
use tempfile::NamedTempFile;

/// A change of one field, chosen by its index modulo the number of fields.
#[derive(Debug, Clone)]
enum Change {
    Number(usize, u64),
    Step(usize, i32),
    Byte(usize, usize, u8),
    Text(usize, Vec<u8>),
    Remove(usize),
    Repeat(usize),
    Swap(usize, usize),
    Cut(usize),
    Grow(usize),
}

fn numbers() -> impl Strategy<Value = u64> {
    prop_oneof![
        prop::sample::select(vec![
            0,
            1,
            2,
            3,
            9,
            31,
            32,
            255,
            513,
            1 << 16,
            1 << 20,
            (1 << 31) - 1,
            1 << 31,
            (1 << 32) - 1,
            1 << 32,
            1 << 40,
            1 << 61,
            1 << 62,
            1 << 63,
            u64::MAX - 31,
            u64::MAX,
        ]),
        any::<u64>(),
        0_u64..64,
    ]
}

fn changes() -> impl Strategy<Value = Change> {
    let index = any::<usize>();
    prop_oneof![
        4 => (index, numbers()).prop_map(|(i, n)| Change::Number(i, n)),
        3 => (index, -3_i32..=3).prop_map(|(i, n)| Change::Step(i, n)),
        2 => (index, any::<usize>(), any::<u8>()).prop_map(|(i, at, b)| Change::Byte(i, at, b)),
        1 => (index, prop::collection::vec(any::<u8>(), 0..40))
            .prop_map(|(i, bytes)| Change::Text(i, bytes)),
        1 => index.prop_map(Change::Remove),
        1 => index.prop_map(Change::Repeat),
        1 => (index, any::<usize>()).prop_map(|(i, j)| Change::Swap(i, j)),
        1 => index.prop_map(Change::Cut),
        1 => (0_usize..5000).prop_map(Change::Grow),
    ]
}

fn apply(draft: &mut Draft, change: &Change) {
    let n = draft.fields.len().max(1);
    match change {
        Change::Number(i, new) => match draft.fields.get_mut(i % n) {
            Some(Field::U64(number)) => *number = *new,
            Some(Field::U32(number)) => *number = u32::try_from(*new).unwrap_or(u32::MAX),
            _ => {}
        },
        Change::Step(i, step) => match draft.fields.get_mut(i % n) {
            Some(Field::U64(number)) => *number = number.wrapping_add_signed((*step).into()),
            Some(Field::U32(number)) => *number = number.wrapping_add_signed(*step),
            _ => {}
        },
        Change::Byte(i, at, byte) => {
            if let Some(Field::Bytes(bytes)) = draft.fields.get_mut(i % n) {
                let len = bytes.len().max(1);
                if let Some(old) = bytes.get_mut(at % len) {
                    *old = *byte;
                }
            }
        }
        Change::Text(i, new) => {
            if let Some(Field::Bytes(bytes)) = draft.fields.get_mut(i % n) {
                bytes.clone_from(new);
            }
        }
        Change::Remove(i) => {
            if !draft.fields.is_empty() {
                draft.fields.remove(i % n);
            }
        }
        Change::Repeat(i) => {
            if let Some(field) = draft.fields.get(i % n).cloned() {
                draft.fields.insert(i % n, field);
            }
        }
        Change::Swap(i, j) => {
            if !draft.fields.is_empty() {
                draft.fields.swap(i % n, j % n);
            }
        }
        Change::Cut(i) => draft.fields.truncate(i % n),
        Change::Grow(data) => draft.data = *data,
    }
}

fn file(bytes: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().expect("a file");
    file.write_all(bytes).expect("written");
    file
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, ..ProptestConfig::default() })]

    #[test]
    fn a_spoilt_model_is_refused_or_sound(
        changes in prop::collection::vec(changes(), 1..5),
    ) {
        let mut draft = sound();
        for change in &changes {
            apply(&mut draft, change);
        }
        let bytes = draft.bytes();
        let file = file(&bytes);
        match check_file(file.path()) {
            Ok(report) => {
                prop_assert_eq!(report.size_bytes, bytes.len() as u64);
                prop_assert!(report.shape.weight_bytes <= report.size_bytes);
                prop_assert!(sample_id(file.path()).is_ok());
            }
            Err(error) => {
                prop_assert!(!error.reason.is_empty());
                prop_assert!(error.offset.unwrap_or(0) <= bytes.len() as u64);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn noise_is_refused(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(check_file(file(&bytes).path()).is_err());
        let gguf = [b"GGUF\x03\0\0\0", &bytes[..]].concat();
        prop_assert!(check_file(file(&gguf).path()).is_err());
    }

    #[test]
    fn a_spoilt_safetensors_header_is_refused_or_sound(
        length in prop_oneof![Just(None), numbers().prop_map(Some)],
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut header = br#"{"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}}"#.to_vec();
        let index = at.index(header.len());
        header[index] = byte;
        let length = length.unwrap_or(header.len() as u64).to_le_bytes();
        let bytes = [&length[..], &header, &[0; 8]].concat();
        if let Ok(report) = check_safetensors(file(&bytes).path()) {
            prop_assert_eq!(report.size_bytes, bytes.len() as u64);
            prop_assert!(report.n_params <= 8);
        }
    }
}
