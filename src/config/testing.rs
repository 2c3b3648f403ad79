//! A snapshot in memory for the tests of this folder.
