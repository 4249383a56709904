//! What a load will take, what can be had, and the settings that fit.

use std::path::Path;

use hearth_api::EngineError;

/// Context size where nobody asked for one and the model was trained with at least this.
pub(crate) const DEFAULT_CONTEXT: u32 = 8192;
/// The smallest context that a load is cut down to where memory is short.
pub(crate) const SMALLEST_CONTEXT: u32 = 512;
/// llama.cpp rounds a context up to a multiple of this.
const CONTEXT_STEP: u32 = 256;
/// Vocabulary, graphs, code and the process itself, on top of what llama.cpp measures.
const PROCESS_BYTES: u64 = 96 << 20;

/// What a user or the router asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wish {
    /// Context size in tokens.
    pub(crate) n_ctx: Option<u32>,
    /// Layers on the GPU.
    pub(crate) n_gpu_layers: Option<u32>,
}

/// Bytes that a load with certain settings takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Measured {
    /// In the machine's memory: weights, KV cache and compute buffers.
    pub(crate) host_bytes: u64,
    /// Whether every GPU device holds its share.
    pub(crate) devices_fit: bool,
    /// GPU devices in use; 0: none.
    pub(crate) n_devices: u32,
    /// Layers of the model.
    pub(crate) n_layers: u32,
    /// Context size that the model was trained with.
    pub(crate) n_ctx_train: u32,
}

/// Settings that fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fit {
    /// Context size in tokens.
    pub(crate) n_ctx: u32,
    /// Layers on the GPU.
    pub(crate) n_gpu_layers: u32,
    /// Whether a GPU does part of the work.
    pub(crate) on_gpu: bool,
    /// Bytes of the machine's memory that the load was measured to take, at most.
    pub(crate) host_bytes: u64,
}

/// Chooses context size and GPU layers so that the load fits in `available` bytes.
///
/// `measure` says what a load with a context size and a number of GPU layers takes.
///
/// # Errors
/// [`EngineError::OutOfMemory`] where even the smallest allowed context does not fit, and
/// whatever `measure` returns.
pub(crate) fn fit(
    wish: Wish,
    available: u64,
    mut measure: impl FnMut(u32, u32) -> Result<Measured, EngineError>,
) -> Result<Fit, EngineError> {
    let first_ctx = wish.n_ctx.unwrap_or(DEFAULT_CONTEXT);
    let all_layers = u32::from(u16::MAX);
    let first = measure(first_ctx, wish.n_gpu_layers.unwrap_or(all_layers))?;
    let (n_gpu_layers, measured) = match wish.n_gpu_layers {
        None if !first.devices_fit => most_layers(first_ctx, &first, &mut measure)?,
        None => (all_layers, first),
        Some(layers) => (layers, first),
    };
    let on_gpu = measured.n_devices > 0 && n_gpu_layers > 0;
    let needed = measured.host_bytes + PROCESS_BYTES;
    let done = |n_ctx| Fit {
        n_ctx,
        n_gpu_layers,
        on_gpu,
        host_bytes: needed,
    };

    let largest = if wish.n_ctx.is_some() {
        first_ctx
    } else {
        first_ctx.min(first.n_ctx_train)
    };
    if needed <= available {
        return Ok(done(largest));
    }
    if wish.n_ctx.is_some() || largest <= SMALLEST_CONTEXT {
        return Err(out_of_memory(needed, available));
    }
    let smallest = measure(SMALLEST_CONTEXT, n_gpu_layers)?.host_bytes + PROCESS_BYTES;
    if smallest > available {
        return Err(out_of_memory(smallest, available));
    }
    let slope = (needed - smallest) / u64::from(first_ctx - SMALLEST_CONTEXT);
    let more = (available - smallest) / slope.max(1);
    let n_ctx = u64::from(SMALLEST_CONTEXT)
        .saturating_add(more)
        .min(u64::from(largest));
    let n_ctx = u32::try_from(n_ctx).unwrap_or(largest);
    Ok(done(
        (n_ctx / CONTEXT_STEP * CONTEXT_STEP).max(SMALLEST_CONTEXT),
    ))
}

/// The most layers that the GPU devices hold, by bisection.
fn most_layers(
    n_ctx: u32,
    all: &Measured,
    measure: &mut impl FnMut(u32, u32) -> Result<Measured, EngineError>,
) -> Result<(u32, Measured), EngineError> {
    let (mut fits, mut too_many) = (0, all.n_layers + 1);
    let mut best = measure(n_ctx, 0)?;
    while too_many - fits > 1 {
        let middle = fits.midpoint(too_many);
        let measured = measure(n_ctx, middle)?;
        if measured.devices_fit {
            (fits, best) = (middle, measured);
        } else {
            too_many = middle;
        }
    }
    Ok((fits, best))
}

fn out_of_memory(needed_bytes: u64, available_bytes: u64) -> EngineError {
    EngineError::OutOfMemory {
        needed_bytes,
        available_bytes,
    }
}

/// Bytes that can still be had: what the system has available, or less where a control group or
/// a limit on its address space holds this process back. `system` is the answer where the kernel's files do not exist.
#[must_use]
pub(crate) fn available_bytes(system: u64) -> u64 {
    available_under(Path::new("/"), system)
}

fn available_under(root: &Path, system: u64) -> u64 {
    let machine = meminfo_available(root).unwrap_or(system);
    [group_available(root), address_space_available(root)]
        .into_iter()
        .flatten()
        .fold(machine, u64::min)
}

/// What `ulimit -v` leaves; `None` where it sets no limit.
fn address_space_available(root: &Path) -> Option<u64> {
    let limits = std::fs::read_to_string(root.join("proc/self/limits")).ok()?;
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max address space"))?;
    let limit: u64 = line.split_whitespace().next()?.parse().ok()?;
    let status = std::fs::read_to_string(root.join("proc/self/status")).ok()?;
    Some(limit.saturating_sub(kib_line(&status, "VmSize:")?))
}

/// The bytes of a line such as `MemAvailable:  12 kB`.
fn kib_line(text: &str, name: &str) -> Option<u64> {
    let kib = text.lines().find_map(|line| line.strip_prefix(name))?;
    let kib = kib.trim().strip_suffix("kB")?.trim();
    kib.parse::<u64>().ok()?.checked_mul(1024)
}

fn meminfo_available(root: &Path) -> Option<u64> {
    let text = std::fs::read_to_string(root.join("proc/meminfo")).ok()?;
    kib_line(&text, "MemAvailable:")
}

/// The tightest of the control groups that this process is in (version 2, then version 1).
fn group_available(root: &Path) -> Option<u64> {
    let groups = std::fs::read_to_string(root.join("proc/self/cgroup")).ok()?;
    let base = root.join("sys/fs/cgroup");
    groups
        .lines()
        .filter_map(|line| group_line_available(&base, line))
        .min()
}

fn group_line_available(base: &Path, line: &str) -> Option<u64> {
    let mut parts = line.splitn(3, ':');
    let (_, controllers, path) = (parts.next()?, parts.next()?, parts.next()?);
    let names = match controllers {
        "" => GroupFiles {
            limit: "memory.max",
            used: "memory.current",
            cache: "inactive_file",
        },
        "memory" => GroupFiles {
            limit: "memory.limit_in_bytes",
            used: "memory.usage_in_bytes",
            cache: "total_inactive_file",
        },
        _ => return None,
    };
    let top = base.join(controllers);
    let own = top.join(path.trim_start_matches('/'));
    own.ancestors()
        .take_while(|folder| folder.starts_with(&top))
        .filter_map(|folder| names.available(folder))
        .min()
}

/// Where one version of the kernel's control groups keeps its numbers.
struct GroupFiles {
    limit: &'static str,
    used: &'static str,
    cache: &'static str,
}

impl GroupFiles {
    /// `None` where the group has no limit.
    fn available(&self, folder: &Path) -> Option<u64> {
        let number = |name: &str| {
            std::fs::read_to_string(folder.join(name))
                .ok()?
                .trim()
                .parse::<u64>()
                .ok()
        };
        let limit = number(self.limit)?;
        let used = number(self.used)?;
        let stat = std::fs::read_to_string(folder.join("memory.stat")).unwrap_or_default();
        // File pages that nobody has touched lately are given back when memory is asked for.
        let cache = stat
            .lines()
            .find_map(|line| line.strip_prefix(self.cache)?.trim().parse::<u64>().ok())
            .unwrap_or(0);
        Some(limit.saturating_sub(used.saturating_sub(cache)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1 << 20;
    const NO_WISH: Wish = Wish {
        n_ctx: None,
        n_gpu_layers: None,
    };

    /// 1,000 MiB of weights, 0.1 MiB for each token of context, on the host.
    fn measured(n_ctx: u32) -> Measured {
        Measured {
            host_bytes: 1000 * MIB + u64::from(n_ctx) * MIB / 10,
            devices_fit: true,
            n_devices: 0,
            n_layers: 16,
            n_ctx_train: 32_768,
        }
    }

    #[expect(clippy::unnecessary_wraps, reason = "what `fit` takes")]
    fn on_host(n_ctx: u32, _layers: u32) -> Result<Measured, EngineError> {
        Ok(measured(n_ctx))
    }

    #[test]
    fn plenty_of_memory_gives_the_default_context() {
        let fit = fit(NO_WISH, 100_000 * MIB, on_host).expect("fits");
        assert_eq!((fit.n_ctx, fit.on_gpu), (DEFAULT_CONTEXT, false));
    }

    #[test]
    fn a_model_trained_with_less_gets_less() {
        let small = |ctx, layers| {
            on_host(ctx, layers).map(|m| Measured {
                n_ctx_train: 2048,
                ..m
            })
        };
        assert_eq!(
            fit(NO_WISH, 100_000 * MIB, small).expect("fits").n_ctx,
            2048
        );
    }

    #[test]
    fn short_memory_gives_the_largest_context_that_fits() {
        let available = 1000 * MIB + PROCESS_BYTES + 300 * MIB;
        let fit = fit(NO_WISH, available, on_host).expect("fits");
        assert_eq!(fit.n_ctx, 2816);
        assert!(measured(fit.n_ctx).host_bytes + PROCESS_BYTES <= available);
    }

    #[test]
    fn too_little_memory_is_said_with_both_numbers() {
        let error = fit(NO_WISH, 500 * MIB, on_host).expect_err("refused");
        let needed = measured(SMALLEST_CONTEXT).host_bytes + PROCESS_BYTES;
        assert_eq!(
            error,
            EngineError::OutOfMemory {
                needed_bytes: needed,
                available_bytes: 500 * MIB
            }
        );
    }

    #[test]
    fn a_wished_context_is_never_cut() {
        let wish = Wish {
            n_ctx: Some(8192),
            n_gpu_layers: None,
        };
        let error = fit(wish, 1200 * MIB, on_host).expect_err("refused");
        assert!(matches!(error, EngineError::OutOfMemory { .. }));
    }

    #[test]
    fn the_gpu_gets_as_many_layers_as_it_holds() {
        let on_gpu = |ctx, layers: u32| {
            let layers = layers.min(17);
            on_host(ctx, 0).map(|m| Measured {
                n_devices: 1,
                devices_fit: layers <= 9,
                ..m
            })
        };
        let fit = fit(NO_WISH, 100_000 * MIB, on_gpu).expect("fits");
        assert_eq!((fit.n_gpu_layers, fit.on_gpu), (9, true));
    }

    fn write(root: &Path, path: &str, text: &str) {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().expect("in a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }

    #[test]
    fn the_tightest_control_group_counts() {
        let root = tempfile::tempdir().expect("a folder");
        let root = root.path();
        write(
            root,
            "proc/meminfo",
            "MemTotal: 9 kB\nMemAvailable:   1000000 kB\n",
        );
        assert_eq!(available_under(root, 7), 1_024_000_000);

        write(root, "proc/self/cgroup", "0::/app/engine\n");
        write(root, "sys/fs/cgroup/app/engine/memory.max", "max\n");
        write(root, "sys/fs/cgroup/app/engine/memory.current", "50\n");
        assert_eq!(available_under(root, 7), 1_024_000_000);

        write(root, "sys/fs/cgroup/app/memory.max", "1000\n");
        write(root, "sys/fs/cgroup/app/memory.current", "700\n");
        write(
            root,
            "sys/fs/cgroup/app/memory.stat",
            "anon 400\ninactive_file 300\n",
        );
        assert_eq!(available_under(root, 7), 600);
    }

    #[test]
    fn the_first_version_of_control_groups_counts_too() {
        let root = tempfile::tempdir().expect("a folder");
        let root = root.path();
        write(root, "proc/self/cgroup", "3:cpu:/x\n2:memory:/x\n");
        write(
            root,
            "sys/fs/cgroup/memory/x/memory.limit_in_bytes",
            "1000\n",
        );
        write(
            root,
            "sys/fs/cgroup/memory/x/memory.usage_in_bytes",
            "400\n",
        );
        assert_eq!(available_under(root, 5000), 600);
    }

    #[test]
    fn a_limit_on_the_address_space_counts() {
        let root = tempfile::tempdir().expect("a folder");
        let root = root.path();
        let limits = |value: &str| format!("Limit  Soft  Hard  Units\nMax address space {value}\n");
        write(root, "proc/self/status", "Name: x\nVmSize:\t  100 kB\n");
        write(
            root,
            "proc/self/limits",
            &limits("unlimited unlimited bytes"),
        );
        assert_eq!(available_under(root, 500_000), 500_000);
        write(root, "proc/self/limits", &limits("202400 unlimited bytes"));
        assert_eq!(available_under(root, 500_000), 100_000);
    }

    #[test]
    fn without_the_files_the_system_is_asked() {
        let root = tempfile::tempdir().expect("a folder");
        assert_eq!(available_under(root.path(), 42), 42);
    }
}
