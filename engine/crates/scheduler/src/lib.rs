//! The queue and the slots of one loaded model, generic over Backend.

#![forbid(unsafe_code)]
