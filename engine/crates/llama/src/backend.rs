//! `trait Backend` on llama.cpp.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use hearth_api::{
    Backend, BatchToken, EngineError, LoadSpec, LoadedModel, SampleOptions, SequenceId, TextPiece,
    Token,
};

use crate::context::Context;
use crate::error::CallError;
use crate::memory::{self, Fit, Wish};
use crate::model::{self, Model, Settings};
use crate::runtime::Runtime;
use crate::sampler::Sampler;
use crate::threads::physical_cores;

/// Most tokens in one batch. Speed no longer grows beyond it, and the time to an abort would.
const BATCH: u32 = 512;
/// Sequences at once.
const SEQUENCES: u32 = 1;
/// An abort is seen between two nodes of a graph. In models above these sizes one node of a
/// whole batch can take long, so the batch is computed in smaller parts.
const SMALLER_PARTS: [(u64, u32); 2] = [(30 << 30, 128), (12 << 30, 256)];

/// How a model wants its prompts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromptFormat {
    /// The chat template in the file.
    pub template: Option<String>,
    /// Text of the beginning-of-text token; empty where there is none.
    pub bos: String,
    /// Text of the end-of-text token; empty where there is none.
    pub eos: String,
    /// Whether the tokenizer puts the beginning-of-text token before a prompt by itself.
    pub add_bos: bool,
    /// Texts of the control tokens, which a user's text must not be able to forge.
    pub control_tokens: Arc<[String]>,
}

/// A loaded model with one context. One thread owns it and makes every call.
#[derive(Debug)]
pub struct LlamaBackend {
    // Fields are dropped in this order: samplers and context point into the model.
    samplers: Vec<Option<Sampler>>,
    context: Context,
    model: Model,
    device: String,
}

impl LlamaBackend {
    /// Loads a model, after making sure that it fits in memory.
    ///
    /// `progress` gets numbers from 0 to 1; it stops the load by returning `false`.
    ///
    /// # Errors
    /// [`EngineError::OutOfMemory`] before anything is loaded, [`EngineError::ModelFile`] where
    /// llama.cpp refuses the file, [`EngineError::Cancelled`] where `progress` said stop.
    pub fn load(
        runtime: Runtime,
        spec: &LoadSpec,
        mut progress: impl FnMut(f32) -> bool,
    ) -> Result<Self, EngineError> {
        check_spec(spec)?;
        if !progress(0.0) {
            return Err(EngineError::Cancelled);
        }
        let mut settings = first_settings(spec);
        let fit = fit(runtime, spec, settings)?;
        settings.n_ctx = fit.n_ctx;
        settings.n_gpu_layers = fit.n_gpu_layers;
        let refused = |error| refused(error, fit.host_bytes, runtime);
        let model = Model::load(runtime, &spec.path, &settings, &mut progress).map_err(refused)?;
        let context = Context::new(&model, &settings).map_err(refused)?;
        let device = if fit.on_gpu {
            runtime.gpu_name()
        } else {
            runtime.cpu_name()
        };
        Ok(Self {
            samplers: Vec::new(),
            context,
            model,
            device,
        })
    }

    /// Set to `true` from any thread, it ends the batch in progress with
    /// [`EngineError::Cancelled`]; it stays set until somebody clears it.
    #[must_use]
    pub fn abort_flag(&self) -> Arc<AtomicBool> {
        self.context.abort_flag()
    }

    /// Facts about the loaded model.
    #[must_use]
    pub fn loaded_model(&self) -> LoadedModel {
        let facts = self.model.facts();
        LoadedModel {
            n_ctx: self.context.n_ctx(),
            n_ctx_train: facts.n_ctx_train,
            n_vocab: facts.n_vocab,
            n_params: facts.n_params,
            size_bytes: facts.size_bytes,
            description: self.model.description(),
            has_chat_template: self.model.chat_template().is_some(),
            device: self.device.clone(),
        }
    }

    /// How the model wants its prompts.
    #[must_use]
    pub fn prompt_format(&self) -> PromptFormat {
        let facts = self.model.facts();
        PromptFormat {
            template: self.model.chat_template(),
            bos: self.model.special_text(facts.bos),
            eos: self.model.special_text(facts.eos),
            add_bos: facts.add_bos,
            control_tokens: self.model.control_texts().into(),
        }
    }

    fn check_batch(&self, batch: &[BatchToken]) -> Result<(), EngineError> {
        let fault = |detail: &str| {
            Err(EngineError::Internal {
                detail: detail.into(),
            })
        };
        if batch.is_empty() || batch.len() > self.context.n_batch() as usize {
            return fault("a batch of this size can't be computed");
        }
        if batch.iter().any(|token| !self.model.knows(token.token)) {
            return fault("a token in the batch is not in the vocabulary");
        }
        if batch.iter().any(|token| token.sequence >= SEQUENCES) {
            return fault("a sequence in the batch does not exist");
        }
        if batch.iter().filter(|token| token.logits).count() > SEQUENCES as usize {
            return fault("logits are computed for one token of each sequence only");
        }
        Ok(())
    }
}

impl Backend for LlamaBackend {
    fn n_ctx(&self) -> u32 {
        self.context.n_ctx()
    }

    fn n_batch(&self) -> u32 {
        self.context.n_batch()
    }

    fn n_sequences(&self) -> u32 {
        SEQUENCES
    }

    fn tokenize(&self, pieces: &[TextPiece]) -> Result<Vec<Token>, EngineError> {
        self.model.tokenize(pieces)
    }

    fn token_bytes(&self, token: Token) -> Vec<u8> {
        self.model.piece(token, false)
    }

    fn is_end(&self, token: Token) -> bool {
        self.model.is_end(token)
    }

    fn decode(&mut self, batch: &[BatchToken]) -> Result<(), EngineError> {
        self.check_batch(batch)?;
        self.context.decode(batch)
    }

    fn start_sampling(
        &mut self,
        sequence: SequenceId,
        options: &SampleOptions,
        history: &[Token],
    ) -> Result<(), EngineError> {
        let sampler = Sampler::new(&self.model, options, self.context.n_ctx(), history)?;
        let index = sequence as usize;
        if self.samplers.len() <= index {
            self.samplers.resize_with(index + 1, || None);
        }
        self.samplers[index] = Some(sampler);
        Ok(())
    }

    fn sample(&mut self, sequence: SequenceId, index: usize) -> Result<Token, EngineError> {
        let sampler = self
            .samplers
            .get_mut(sequence as usize)
            .and_then(Option::as_mut);
        let Some(sampler) = sampler else {
            return Err(EngineError::Internal {
                detail: "sampling was not started".into(),
            });
        };
        sampler.sample(&mut self.context, index)
    }

    fn truncate(&mut self, sequence: SequenceId, from: u32) -> u32 {
        if sequence >= SEQUENCES {
            return 0;
        }
        self.context.truncate(sequence, from)
    }
}

/// llama.cpp's refusal of a file, in its own words.
fn refused(error: CallError, needed_bytes: u64, runtime: Runtime) -> EngineError {
    match error {
        CallError::Cancelled => EngineError::Cancelled,
        CallError::Failed(reason) => EngineError::ModelFile { reason },
        CallError::OutOfMemory(detail) => {
            tracing::warn!(detail, "memory ran out in spite of the estimate");
            EngineError::OutOfMemory {
                needed_bytes,
                available_bytes: runtime.available_bytes(),
            }
        }
    }
}

fn check_spec(spec: &LoadSpec) -> Result<(), EngineError> {
    let range = 1..=1 << 24;
    for (name, value) in [("n_ctx", spec.n_ctx), ("n_threads", spec.n_threads)] {
        if value.is_some_and(|value| !range.contains(&value)) {
            return Err(EngineError::BadRequest {
                message: format!("{name} is out of its range"),
            });
        }
    }
    Ok(())
}

fn first_settings(spec: &LoadSpec) -> Settings {
    Settings {
        n_ctx: memory::DEFAULT_CONTEXT,
        n_gpu_layers: 0,
        n_batch: BATCH,
        n_ubatch: part_size(file_bytes(&spec.path)),
        n_sequences: SEQUENCES,
        threads: spec.n_threads.unwrap_or_else(physical_cores),
    }
}

/// 0 for a file that can't be read: loading it then says why.
fn file_bytes(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |data| data.len())
}

fn part_size(bytes: u64) -> u32 {
    SMALLER_PARTS
        .iter()
        .find(|(limit, _)| bytes > *limit)
        .map_or(BATCH, |(_, size)| *size)
}

fn fit(runtime: Runtime, spec: &LoadSpec, settings: Settings) -> Result<Fit, EngineError> {
    let wish = Wish {
        n_ctx: spec.n_ctx,
        n_gpu_layers: spec.n_gpu_layers,
    };
    memory::fit(wish, runtime.available_bytes(), |n_ctx, n_gpu_layers| {
        let settings = Settings {
            n_ctx,
            n_gpu_layers,
            ..settings
        };
        let file = file_bytes(&spec.path);
        model::measure(runtime, &spec.path, &settings).map_err(|e| refused(e, file, runtime))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_models_are_computed_in_smaller_parts() {
        assert_eq!(part_size(4 << 30), 512);
        assert_eq!(part_size(20 << 30), 256);
        assert_eq!(part_size(40 << 30), 128);
    }
}
