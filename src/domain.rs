//! The rules of the business, as plain data and pure functions.
//!
//! Invariant: nothing here performs I/O, reads a clock, or knows a table, a URL or a template. It cannot
//! fail except by saying no.

pub mod account;
pub mod action;
pub mod address;
pub mod address_rule;
pub mod audit;
pub mod batch;
pub mod channel;
pub mod comparison;
pub mod deadline;
pub mod delivery;
pub mod event;
pub mod import;
pub mod indicator;
pub mod notification;
pub mod operator;
pub mod order;
pub mod pace;
pub mod privacy;
pub mod rates;
pub mod reconcile;
pub mod request;
pub mod reread;
pub mod sending;
pub mod teamwork;
pub mod throttle;
pub mod tracking_link;
pub mod tracking_template;
pub mod trouble;
pub mod vocabulary;
