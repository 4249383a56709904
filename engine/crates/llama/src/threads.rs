//! How many threads compute.

use std::num::NonZeroUsize;
use std::thread;

/// Physical cores that this process may use: a second thread on a core only gets in the way of
/// the first one's vector units.
#[must_use]
pub fn physical_cores() -> u32 {
    let allowed = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let cores = topology_cores().unwrap_or(allowed).clamp(1, allowed);
    u32::try_from(cores).unwrap_or(1)
}

/// Distinct cores by the kernel's topology files; `None` where there are none.
#[cfg(target_os = "linux")]
fn topology_cores() -> Option<usize> {
    cores_under(std::path::Path::new("/sys/devices/system/cpu"))
}

/// Apple's performance cores: the efficiency cores would hold every step up.
#[cfg(target_os = "macos")]
fn topology_cores() -> Option<usize> {
    let mut value: libc::c_int = 0;
    let mut size = size_of::<libc::c_int>();
    // SAFETY: the name is zero-terminated, and value and size describe the same `c_int`.
    let status = unsafe {
        libc::sysctlbyname(
            c"hw.perflevel0.physicalcpu".as_ptr(),
            (&raw mut value).cast(),
            &raw mut size,
            std::ptr::null_mut(),
            0,
        )
    };
    (status == 0)
        .then(|| usize::try_from(value).ok())
        .flatten()
        .filter(|&cores| cores > 0)
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn topology_cores() -> Option<usize> {
    None
}

#[cfg(target_os = "linux")]
fn cores_under(folder: &std::path::Path) -> Option<usize> {
    let mut cores = std::collections::BTreeSet::new();
    for entry in std::fs::read_dir(folder).ok()? {
        let siblings = entry
            .ok()?
            .path()
            .join("topology")
            .join("thread_siblings_list");
        if let Ok(text) = std::fs::read_to_string(siblings) {
            cores.insert(text);
        }
    }
    (!cores.is_empty()).then_some(cores.len())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn siblings_count_once() {
        let folder = tempfile::tempdir().expect("a folder");
        for (cpu, siblings) in [(0, "0,4\n"), (1, "1,5\n"), (4, "0,4\n"), (5, "1,5\n")] {
            let topology = folder.path().join(format!("cpu{cpu}")).join("topology");
            std::fs::create_dir_all(&topology).expect("made");
            std::fs::write(topology.join("thread_siblings_list"), siblings).expect("written");
        }
        std::fs::create_dir(folder.path().join("cpufreq")).expect("made");
        assert_eq!(cores_under(folder.path()), Some(2));
    }

    #[test]
    fn there_is_always_one() {
        assert!(physical_cores() >= 1);
    }
}
