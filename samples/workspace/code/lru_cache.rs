//! A least recently used cache of fixed capacity.
//!
//! Entries live in a vector and are linked by index, most recently used first, so the cache allocates only while it
//! grows and needs no unsafe code.

use std::collections::HashMap;
use std::hash::Hash;

const NONE: usize = usize::MAX;

struct Entry<K, V> {
    key: K,
    value: V,
    newer: usize,
    older: usize,
}

/// Keeps the `capacity` entries that were used last and evicts the rest.
pub struct LruCache<K, V> {
    capacity: usize,
    places: HashMap<K, usize>,
    entries: Vec<Entry<K, V>>,
    newest: usize,
    oldest: usize,
}

impl<K: Eq + Hash + Clone, V> LruCache<K, V> {
    /// Creates an empty cache.
    ///
    /// # Panics
    ///
    /// Panics when `capacity` is zero: such a cache could never return anything.
    pub fn new(capacity: usize) -> Self {
        assert!(capacity > 0, "a cache needs room for at least one entry");
        Self { capacity, places: HashMap::new(), entries: Vec::new(), newest: NONE, oldest: NONE }
    }

    /// Looks up a key and marks its entry as the most recently used one.
    pub fn get(&mut self, key: &K) -> Option<&V> {
        let place = *self.places.get(key)?;
        self.unlink(place);
        self.link_as_newest(place);
        Some(&self.entries[place].value)
    }

    /// Stores a value and returns the key that was evicted to make room, if any.
    pub fn put(&mut self, key: K, value: V) -> Option<K> {
        if let Some(&place) = self.places.get(&key) {
            self.entries[place].value = value;
            self.unlink(place);
            self.link_as_newest(place);
            return None;
        }
        if self.entries.len() < self.capacity {
            self.entries.push(Entry { key: key.clone(), value, newer: NONE, older: NONE });
            let place = self.entries.len() - 1;
            self.places.insert(key, place);
            self.link_as_newest(place);
            return None;
        }
        let place = self.oldest;
        self.unlink(place);
        let evicted = std::mem::replace(&mut self.entries[place].key, key.clone());
        self.entries[place].value = value;
        self.places.remove(&evicted);
        self.places.insert(key, place);
        self.link_as_newest(place);
        Some(evicted)
    }

    fn unlink(&mut self, place: usize) {
        let (newer, older) = (self.entries[place].newer, self.entries[place].older);
        match newer {
            NONE => self.newest = older,
            _ => self.entries[newer].older = older,
        }
        match older {
            NONE => self.oldest = newer,
            _ => self.entries[older].newer = newer,
        }
    }

    fn link_as_newest(&mut self, place: usize) {
        self.entries[place].newer = NONE;
        self.entries[place].older = self.newest;
        match self.newest {
            NONE => self.oldest = place,
            newest => self.entries[newest].newer = place,
        }
        self.newest = place;
    }
}
