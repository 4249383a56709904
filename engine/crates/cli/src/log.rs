//! The log: lines of JSON on standard error.

use std::io;

use clap::ValueEnum;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// How much to log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogLevel {
    Off,
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

impl LogLevel {
    /// Its name on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }

    fn filter(self) -> LevelFilter {
        match self {
            Self::Off => LevelFilter::OFF,
            Self::Error => LevelFilter::ERROR,
            Self::Warn => LevelFilter::WARN,
            Self::Info => LevelFilter::INFO,
            Self::Debug => LevelFilter::DEBUG,
            Self::Trace => LevelFilter::TRACE,
        }
    }
}

/// Starts the log. The level is for our own crates; of others only warnings are logged, because
/// what an HTTP library traces has requests in it.
pub(crate) fn start(level: LogLevel) {
    let others = level.filter().min(LevelFilter::WARN);
    let targets = Targets::new()
        .with_default(others)
        .with_target("hearth", level.filter());
    let layer = tracing_subscriber::fmt::layer()
        .json()
        .with_writer(io::stderr);
    tracing_subscriber::registry()
        .with(targets)
        .with(layer)
        .init();
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::LogLevel;

    #[test]
    fn every_level_is_passed_on_by_the_name_it_is_known_by() {
        for level in LogLevel::value_variants() {
            assert_eq!(LogLevel::from_str(level.name(), false), Ok(*level));
        }
    }
}
