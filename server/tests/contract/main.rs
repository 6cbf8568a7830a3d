//! What scripts and browsers rely on, tried on the real program: its command line, its layers, its
//! import. Each test has a database of its own and an own port.

#[cfg(test)]
mod client;
#[cfg(test)]
mod support;

#[cfg(test)]
mod commands;
#[cfg(test)]
mod configuration;
#[cfg(test)]
mod directory;
#[cfg(test)]
mod forms;
#[cfg(test)]
mod import_commands;
#[cfg(test)]
mod imports;
mod moving;
#[cfg(test)]
mod outages;
#[cfg(test)]
mod serving;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod tls;
