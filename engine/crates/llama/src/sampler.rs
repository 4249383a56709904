//! The chain of samplers of one sequence.

use std::ptr::NonNull;

use hearth_api::{EngineError, SampleOptions, Sampling, Token};

use crate::context::Context;
use crate::error::{CallError, ErrorBuffer};
use crate::ffi;
use crate::model::Model;

/// llama.cpp takes this seed for "choose one"; ours are always chosen already.
const RANDOM_SEED: u32 = u32::MAX;

/// Bans, penalties, top-k, top-p, min-p, temperature and the choice, in llama-server's order.
#[derive(Debug)]
pub(crate) struct Sampler {
    pointer: NonNull<ffi::Sampler>,
}

impl Sampler {
    /// `history` is what the penalties look back on.
    pub(crate) fn new(
        model: &Model,
        options: &SampleOptions,
        n_ctx: u32,
        history: &[Token],
    ) -> Result<Self, EngineError> {
        check(&options.sampling)?;
        let look_back = look_back(options.sampling.repeat_last_n, n_ctx);
        let sampling = ffi::Sampling {
            temperature: options.sampling.temperature,
            top_k: options.sampling.top_k,
            top_p: options.sampling.top_p,
            min_p: options.sampling.min_p,
            repeat_penalty: options.sampling.repeat_penalty,
            repeat_last_n: i32::try_from(look_back).unwrap_or(i32::MAX),
            presence_penalty: options.sampling.presence_penalty,
            frequency_penalty: options.sampling.frequency_penalty,
            seed: options.seed.min(RANDOM_SEED - 1),
            ignore_eos: options.ignore_eos,
        };
        let mut error = ErrorBuffer::new();
        // SAFETY: all three point to live values of the declared types.
        let pointer = unsafe {
            ffi::hearth_sampler_new(model.as_ptr(), &raw const sampling, error.as_mut_ptr())
        };
        let Some(pointer) = NonNull::new(pointer) else {
            return Err(error.reason().into_internal());
        };
        let mut sampler = Self { pointer };
        for &token in &history[history.len().saturating_sub(look_back)..] {
            sampler.accept(token)?;
        }
        Ok(sampler)
    }

    fn accept(&mut self, token: Token) -> Result<(), EngineError> {
        let mut error = ErrorBuffer::new();
        // SAFETY: the sampler lives.
        unsafe { ffi::hearth_sampler_accept(self.pointer.as_ptr(), token, error.as_mut_ptr()) };
        error.check().map_err(CallError::into_internal)
    }

    /// Chooses a token from the logits at `index` of the context's last batch.
    pub(crate) fn sample(
        &mut self,
        context: &mut Context,
        index: usize,
    ) -> Result<Token, EngineError> {
        let index = i32::try_from(index).map_err(|_| EngineError::Internal {
            detail: "no such place in a batch".into(),
        })?;
        let mut error = ErrorBuffer::new();
        // SAFETY: sampler and context live; the shim checks the index.
        let token = unsafe {
            ffi::hearth_sample(
                self.pointer.as_ptr(),
                context.as_ptr(),
                index,
                error.as_mut_ptr(),
            )
        };
        error.check().map_err(CallError::into_internal)?;
        Ok(token)
    }
}

impl Drop for Sampler {
    fn drop(&mut self) {
        // SAFETY: the pointer came from `hearth_sampler_new` and is freed only here.
        unsafe { ffi::hearth_sampler_free(self.pointer.as_ptr()) };
    }
}

/// How many tokens the penalties see; a negative wish means the whole context.
fn look_back(repeat_last_n: i32, n_ctx: u32) -> usize {
    usize::try_from(repeat_last_n)
        .unwrap_or(n_ctx as usize)
        .min(n_ctx as usize)
}

/// llama.cpp takes any number and then computes nonsense, or aborts.
fn check(sampling: &Sampling) -> Result<(), EngineError> {
    let rules = [
        (
            sampling.temperature >= 0.0,
            "temperature must be 0 or more",
            sampling.temperature,
        ),
        (
            (0.0..=1.0).contains(&sampling.top_p),
            "top_p must be from 0 to 1",
            sampling.top_p,
        ),
        (
            (0.0..=1.0).contains(&sampling.min_p),
            "min_p must be from 0 to 1",
            sampling.min_p,
        ),
        (
            sampling.repeat_penalty > 0.0,
            "repeat_penalty must be above 0",
            sampling.repeat_penalty,
        ),
        (
            (-2.0..=2.0).contains(&sampling.presence_penalty),
            "presence_penalty must be from -2 to 2",
            sampling.presence_penalty,
        ),
        (
            (-2.0..=2.0).contains(&sampling.frequency_penalty),
            "frequency_penalty must be from -2 to 2",
            sampling.frequency_penalty,
        ),
    ];
    for (holds, message, value) in rules {
        if !holds || !value.is_finite() {
            return Err(EngineError::BadRequest {
                message: format!("{message}, not {value}"),
            });
        }
    }
    if sampling.top_k < 0 {
        return Err(EngineError::BadRequest {
            message: "top_k must be 0 or more".into(),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_in_range() {
        assert_eq!(check(&Sampling::default()), Ok(()));
    }

    #[test]
    fn every_option_out_of_its_range_is_refused_by_name() {
        let default = Sampling::default;
        let wrong = [
            (
                "temperature",
                Sampling {
                    temperature: -0.1,
                    ..default()
                },
            ),
            (
                "temperature",
                Sampling {
                    temperature: f32::NAN,
                    ..default()
                },
            ),
            (
                "temperature",
                Sampling {
                    temperature: f32::INFINITY,
                    ..default()
                },
            ),
            (
                "top_k",
                Sampling {
                    top_k: -1,
                    ..default()
                },
            ),
            (
                "top_p",
                Sampling {
                    top_p: 1.5,
                    ..default()
                },
            ),
            (
                "min_p",
                Sampling {
                    min_p: f32::NAN,
                    ..default()
                },
            ),
            (
                "repeat_penalty",
                Sampling {
                    repeat_penalty: 0.0,
                    ..default()
                },
            ),
            (
                "presence_penalty",
                Sampling {
                    presence_penalty: 2.5,
                    ..default()
                },
            ),
            (
                "frequency_penalty",
                Sampling {
                    frequency_penalty: -3.0,
                    ..default()
                },
            ),
        ];
        for (name, sampling) in wrong {
            match check(&sampling) {
                Err(EngineError::BadRequest { message }) => assert!(message.starts_with(name)),
                other => panic!("{name}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_negative_look_back_is_the_whole_context() {
        assert_eq!(look_back(-1, 512), 512);
        assert_eq!(look_back(64, 512), 64);
        assert_eq!(look_back(1000, 512), 512);
    }
}
