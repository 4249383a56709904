//! Which model is loaded under which name, and who still waits for it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use hearth_api::{EngineError, LoadSpec};
use tokio::sync::watch;
use tokio_util::sync::DropGuard;

use crate::config::WorkerProgram;
use crate::worker::{State, Worker};

/// The models of one router, each in its own worker process.
#[derive(Debug)]
pub(crate) struct Models {
    program: WorkerProgram,
    table: Arc<Mutex<Table>>,
}

type Table = BTreeMap<String, Entry>;

/// A model that loads or is loaded. It is in the table as long as its process is there.
#[derive(Debug, Clone)]
struct Entry {
    path: PathBuf,
    worker: Arc<Worker>,
    /// Gone when nobody waits for the load any more.
    wanted: Weak<DropGuard>,
}

/// Watches a load. When the last one of a load is dropped before its end, it is cancelled.
#[derive(Debug)]
pub(crate) struct LoadWatch {
    state: watch::Receiver<State>,
    _wanted: Option<Arc<DropGuard>>,
}

impl LoadWatch {
    fn new(mut state: watch::Receiver<State>, wanted: Option<Arc<DropGuard>>) -> Self {
        state.mark_changed();
        Self {
            state,
            _wanted: wanted,
        }
    }

    /// The state now, and after that each next one.
    pub(crate) async fn next(&mut self) -> State {
        match self.state.changed().await {
            Ok(()) => self.state.borrow_and_update().clone(),
            Err(_) => State::Ended(EngineError::Cancelled),
        }
    }
}

impl Models {
    pub(crate) fn new(program: WorkerProgram) -> Self {
        Self {
            program,
            table: Arc::default(),
        }
    }

    /// Starts to load a model, or joins a load that goes on, or gives the one that is ready.
    ///
    /// # Errors
    /// [`EngineError::BadRequest`] where the name stands for another file.
    pub(crate) async fn load(&self, id: &str, spec: &LoadSpec) -> Result<LoadWatch, EngineError> {
        loop {
            let leaving = match self.load_or_join(id, spec)? {
                Joined::Watch(watch) => return Ok(watch),
                Joined::Leaving(worker) => worker,
            };
            // It was just given up or unloaded. Once its process is gone, the name is free.
            leaving.left().await;
        }
    }

    fn load_or_join(&self, id: &str, spec: &LoadSpec) -> Result<Joined, EngineError> {
        let mut table = lock(&self.table);
        let Some(entry) = table.get(id) else {
            let (entry, watch) = self.start(id, spec)?;
            table.insert(id.to_owned(), entry);
            return Ok(Joined::Watch(watch));
        };
        let state = entry.worker.state();
        let wanted = entry.wanted.upgrade();
        let given_up = wanted.is_none() && matches!(&*state.borrow(), State::Loading(_));
        if given_up || entry.worker.is_stopping() {
            return Ok(Joined::Leaving(Arc::clone(&entry.worker)));
        }
        if entry.path != spec.path {
            let message = format!("'{id}' is loaded from another file; unload it first");
            return Err(EngineError::BadRequest { message });
        }
        Ok(Joined::Watch(LoadWatch::new(state, wanted)))
    }

    fn start(&self, id: &str, spec: &LoadSpec) -> Result<(Entry, LoadWatch), EngineError> {
        let table = Arc::downgrade(&self.table);
        let name = id.to_owned();
        let forget = move || {
            if let Some(table) = table.upgrade() {
                lock(&table).remove(&name);
            }
        };
        let worker = Arc::new(Worker::start(&self.program, spec, forget)?);
        let wanted = Arc::new(worker.give_up_load().drop_guard());
        let entry = Entry {
            path: spec.path.clone(),
            worker: Arc::clone(&worker),
            wanted: Arc::downgrade(&wanted),
        };
        Ok((entry, LoadWatch::new(worker.state(), Some(wanted))))
    }

    /// The worker of a model.
    ///
    /// # Errors
    /// [`EngineError::ModelNotFound`].
    pub(crate) fn get(&self, id: &str) -> Result<Arc<Worker>, EngineError> {
        lock(&self.table)
            .get(id)
            .map(|entry| Arc::clone(&entry.worker))
            .ok_or_else(|| EngineError::ModelNotFound {
                model: id.to_owned(),
            })
    }

    /// Names and states, by name.
    pub(crate) fn list(&self) -> Vec<(String, State)> {
        lock(&self.table)
            .iter()
            .map(|(id, entry)| (id.clone(), entry.worker.state().borrow().clone()))
            .collect()
    }

    /// Ends a model's worker, whether it loads or is loaded. `false`: there is none. Its memory
    /// is free when this returns.
    pub(crate) async fn unload(&self, id: &str) -> bool {
        let Ok(worker) = self.get(id) else {
            return false;
        };
        worker.stop().await;
        true
    }

    /// Ends every worker.
    pub(crate) async fn stop_all(&self) {
        let workers: Vec<_> = lock(&self.table)
            .values()
            .map(|entry| Arc::clone(&entry.worker))
            .collect();
        futures_util::future::join_all(workers.iter().map(|worker| worker.stop())).await;
    }
}

enum Joined {
    Watch(LoadWatch),
    Leaving(Arc<Worker>),
}

fn lock(table: &Mutex<Table>) -> MutexGuard<'_, Table> {
    // Nothing between lock and unlock can leave the table half changed.
    table.lock().unwrap_or_else(PoisonError::into_inner)
}
