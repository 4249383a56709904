//! The checker on files that are sound, wrong, and spoilt at random.

mod check;
mod draft;
mod mutants;
