//! What a run would do: a pure function of what was seen, what is known and what is set.
