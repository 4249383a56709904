//! A loaded model and its vocabulary.

use std::ffi::{CString, c_char, c_void};
use std::ops::Range;
use std::path::Path;
use std::ptr::NonNull;

use hearth_api::{EngineError, TextPiece, Token};

use crate::control_text::{apart, looks_like_control};
use crate::error::{CallError, ErrorBuffer, copy_text, read_text};
use crate::ffi;
use crate::memory::Measured;
use crate::runtime::Runtime;

/// With what a model is loaded and its context made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) n_ctx: u32,
    pub(crate) n_gpu_layers: u32,
    pub(crate) n_batch: u32,
    pub(crate) n_ubatch: u32,
    pub(crate) n_sequences: u32,
    pub(crate) threads: u32,
}

impl Settings {
    /// The shim's view; it borrows `path`.
    pub(crate) fn plan(&self, path: &CString) -> ffi::Plan {
        ffi::Plan {
            path: path.as_ptr(),
            n_gpu_layers: i32::try_from(self.n_gpu_layers).unwrap_or(i32::MAX),
            n_ctx: self.n_ctx,
            n_batch: self.n_batch,
            n_ubatch: self.n_ubatch,
            n_seq_max: self.n_sequences,
            n_threads: i32::try_from(self.threads).unwrap_or(i32::MAX),
        }
    }
}

/// A path as llama.cpp takes it.
fn c_path(path: &Path) -> Result<CString, CallError> {
    CString::new(path.as_os_str().as_encoded_bytes())
        .map_err(|_| CallError::Failed("its path holds a zero byte".into()))
}

/// What a load with these settings takes: llama.cpp goes through it without allocating.
pub(crate) fn measure(
    _runtime: Runtime,
    path: &Path,
    settings: &Settings,
) -> Result<Measured, CallError> {
    let path = c_path(path)?;
    let plan = settings.plan(&path);
    let mut memory = ffi::Memory::default();
    let mut error = ErrorBuffer::new();
    // SAFETY: all three point to live values of the declared types; the plan's path lives too.
    unsafe { ffi::hearth_measure(&raw const plan, &raw mut memory, error.as_mut_ptr()) };
    error.check()?;
    Ok(Measured {
        host_bytes: memory.host_needed,
        devices_fit: memory.devices_fit != 0,
        n_devices: u32::try_from(memory.n_devices).unwrap_or(0),
        n_layers: memory.n_layers,
        n_ctx_train: memory.n_ctx_train,
    })
}

/// A loaded model.
#[derive(Debug)]
pub(crate) struct Model {
    pointer: NonNull<ffi::Model>,
    facts: ffi::Facts,
    /// Texts of control tokens that are found with or without `parse_special`.
    always_found: Vec<String>,
}

impl std::fmt::Debug for ffi::Facts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Facts")
            .field("n_vocab", &self.n_vocab)
            .finish_non_exhaustive()
    }
}

/// Called through C with a pointer to `&mut dyn FnMut(f32) -> bool`.
extern "C" fn on_progress(progress: f32, data: *mut c_void) -> bool {
    // SAFETY: `load` passes a pointer to such a reference, which outlives the call to the shim,
    // and llama.cpp reports progress on the thread that called it.
    let report = unsafe { &mut *data.cast::<&mut dyn FnMut(f32) -> bool>() };
    report(progress)
}

impl Model {
    /// Loads a file. `progress` gets numbers from 0 to 1 and stops the load by `false`.
    pub(crate) fn load(
        _runtime: Runtime,
        path: &Path,
        settings: &Settings,
        progress: &mut dyn FnMut(f32) -> bool,
    ) -> Result<Self, CallError> {
        let path = c_path(path)?;
        let plan = settings.plan(&path);
        let mut progress: &mut dyn FnMut(f32) -> bool = progress;
        let mut error = ErrorBuffer::new();
        // SAFETY: plan, path, callback data and buffer live through the call, and the data is
        // what `on_progress` expects.
        let pointer = unsafe {
            ffi::hearth_model_load(
                &raw const plan,
                on_progress,
                (&raw mut progress).cast(),
                error.as_mut_ptr(),
            )
        };
        let Some(pointer) = NonNull::new(pointer) else {
            return Err(error.reason());
        };
        let mut facts = ffi::Facts::default();
        // SAFETY: the model was just loaded; facts is a live value.
        unsafe { ffi::hearth_model_facts(pointer.as_ptr(), &raw mut facts) };
        let mut model = Self {
            pointer,
            facts,
            always_found: Vec::new(),
        };
        model.check_kind()?;
        model.always_found = model.user_defined_controls();
        Ok(model)
    }

    /// Refuses what can't continue a text token by token.
    fn check_kind(&self) -> Result<(), CallError> {
        let reason = if !self.facts.has_vocab || self.facts.n_vocab == 0 {
            "it has no vocabulary"
        } else if self.facts.is_diffusion {
            "diffusion models can't be run yet"
        } else if self.facts.has_encoder || !self.facts.has_decoder {
            "it has an encoder; only models that continue a text can be run"
        } else {
            return Ok(());
        };
        Err(CallError::Failed(reason.into()))
    }

    pub(crate) fn as_ptr(&self) -> *const ffi::Model {
        self.pointer.as_ptr()
    }

    pub(crate) fn facts(&self) -> &ffi::Facts {
        &self.facts
    }

    pub(crate) fn description(&self) -> String {
        // SAFETY: the model lives; `read_text` hands over a buffer and its true size.
        read_text(|buffer, size| unsafe {
            ffi::hearth_model_description(self.as_ptr(), buffer, size);
        })
    }

    pub(crate) fn chat_template(&self) -> Option<String> {
        // SAFETY: the text is zero-terminated and belongs to the model, which lives.
        let template = unsafe { copy_text(ffi::hearth_model_template(self.as_ptr())) };
        template.filter(|text| !text.is_empty())
    }

    /// Whether `token` is a number of this vocabulary; every other one must not reach the shim.
    pub(crate) fn knows(&self, token: Token) -> bool {
        u32::try_from(token).is_ok_and(|token| token < self.facts.n_vocab)
    }

    pub(crate) fn is_end(&self, token: Token) -> bool {
        // SAFETY: the model lives and the token is one of its own.
        self.knows(token) && unsafe { ffi::hearth_token_is_end(self.as_ptr(), token) }
    }

    /// The texts that a prompt must not be able to forge: control and unknown tokens, and those
    /// user-defined ones that are control tokens by their look.
    pub(crate) fn control_texts(&self) -> Vec<String> {
        self.tokens()
            // SAFETY: the model lives and the token is one of its own.
            .filter(|&token| unsafe { ffi::hearth_token_is_control(self.as_ptr(), token) })
            .map(|token| self.special_text(token))
            .filter(|text| !text.is_empty())
            .chain(self.always_found.iter().cloned())
            .collect()
    }

    fn user_defined_controls(&self) -> Vec<String> {
        self.tokens()
            // SAFETY: the model lives and the token is one of its own.
            .filter(|&token| unsafe { ffi::hearth_token_is_user_defined(self.as_ptr(), token) })
            .map(|token| self.special_text(token))
            .filter(|text| looks_like_control(text))
            .collect()
    }

    fn tokens(&self) -> Range<Token> {
        0..Token::try_from(self.facts.n_vocab).unwrap_or(Token::MAX)
    }

    /// The text of a token as a template writes it; empty for one that does not exist.
    pub(crate) fn special_text(&self, token: Token) -> String {
        String::from_utf8_lossy(&self.piece(token, true)).into_owned()
    }

    /// The bytes that a token stands for; empty for control tokens unless `special`.
    pub(crate) fn piece(&self, token: Token, special: bool) -> Vec<u8> {
        if !self.knows(token) {
            return Vec::new();
        }
        let mut bytes = vec![0_u8; 64];
        loop {
            let size = i32::try_from(bytes.len()).unwrap_or(i32::MAX);
            let mut error = ErrorBuffer::new();
            // SAFETY: the model lives, the token is one of its own, the buffer has `size` bytes.
            let written = unsafe {
                ffi::hearth_token_piece(
                    self.as_ptr(),
                    token,
                    special,
                    bytes.as_mut_ptr().cast::<c_char>(),
                    size,
                    error.as_mut_ptr(),
                )
            };
            if let Ok(written) = usize::try_from(written) {
                bytes.truncate(written);
                return bytes;
            }
            bytes.resize(usize::try_from(written.unsigned_abs()).unwrap_or(0), 0);
        }
    }

    /// The tokens of a prompt, the beginning-of-text token included where the model wants one
    /// and no template wrote it already.
    ///
    /// Each piece is tokenised alone, so that no token spans the border between what a template
    /// and what a user wrote. (Vocabularies of the `SentencePiece` kind may put a space before it.)
    pub(crate) fn tokenize(&self, pieces: &[TextPiece]) -> Result<Vec<Token>, EngineError> {
        let mut tokens = Vec::new();
        for piece in pieces {
            if piece.parse_special {
                self.tokenize_part(&piece.text, true, &mut tokens)?;
                continue;
            }
            for part in apart(&piece.text, &self.always_found) {
                self.tokenize_part(part, false, &mut tokens)?;
            }
        }
        let bos = self.facts.bos;
        if self.facts.add_bos && self.knows(bos) && tokens.first() != Some(&bos) {
            tokens.insert(0, bos);
        }
        Ok(tokens)
    }

    fn tokenize_part(
        &self,
        text: &str,
        parse_special: bool,
        tokens: &mut Vec<Token>,
    ) -> Result<(), EngineError> {
        let too_long = || EngineError::BadRequest {
            message: "the text is too long".into(),
        };
        let text_size = i32::try_from(text.len()).map_err(|_| too_long())?;
        let start = tokens.len();
        let mut room = text.len() + 8;
        loop {
            tokens.resize(start + room, 0);
            let mut error = ErrorBuffer::new();
            // SAFETY: the model lives; text and token buffer have the sizes that are passed.
            let written = unsafe {
                ffi::hearth_tokenize(
                    self.as_ptr(),
                    text.as_ptr().cast(),
                    text_size,
                    parse_special,
                    tokens[start..].as_mut_ptr(),
                    i32::try_from(room).map_err(|_| too_long())?,
                    error.as_mut_ptr(),
                )
            };
            // llama.cpp's words are left out: they could hold the text.
            error.check().map_err(|_| EngineError::BadRequest {
                message: "the model's tokenizer refuses the text".into(),
            })?;
            if let Ok(written) = usize::try_from(written) {
                tokens.truncate(start + written);
                return Ok(());
            }
            room = usize::try_from(written.unsigned_abs()).map_err(|_| too_long())?;
        }
    }
}

impl Drop for Model {
    fn drop(&mut self) {
        // SAFETY: the pointer came from `hearth_model_load` and is freed only here.
        unsafe { ffi::hearth_model_free(self.pointer.as_ptr()) };
    }
}
