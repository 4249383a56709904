//! The Python extension: registers, converts and maps errors; no logic.

#![deny(unsafe_code)]
