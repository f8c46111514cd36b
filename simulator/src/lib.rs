//! A stand-in for the Octopia Seller API over HTTP: an independent reading of its contract.
//!
//! It is written from the platform's documents and from no client of ours: it has its own wire
//! types and its own rules, so that a misreading on either side is found by the other.
//!
//! **What it serves**, below `/seller/v2` (the token endpoint is beside it):
//!
//! | calls | rules |
//! |---|---|
//! | `GET /orders`, `/orders/count`, `/orders/{id}` | – |
//! | `POST /orders/{id}/approval-status`, `/orders/{id}/shipments` | `rules.rs` |
//! | `GET /cancellation-reasons` | `reasons.rs` |
//! | `GET`, `POST /order-cancellation-requests`, `POST /order-partial-cancellation-requests` | `rules/cancellation.rs` |
//! | `GET /sales-channel-commercial-gesture-configurations/{id}`, `/orders/{id}/commercial-gestures-available-amounts` | `channels.rs` |
//! | `GET`, `POST /order-commercial-gesture-requests`, `GET …/{id}` | `rules/gesture.rs` |
//! | `GET`, `POST /orders/{id}/invoice-documents`, `/order-invoice-imports`, `GET …/{id}` | `api/invoices.rs` |
//! | `GET /carriers`, `/sellers`, `/sellers/subscriptions`, `/sellers/indicators` | – |
//!
//! Cancellations, gestures and invoices are taken in at once and reviewed later: their effects are
//! in the ledger ([`Effect`] lists its kinds) when they really happen.
//!
//! **Time.** Timestamps are issued from the wall clock, moved by [`Simulator::advance`];
//! [`Config::speed`] divides every *delay of the marketplace* (control after an acceptance,
//! acceptance deadline, delivery, reviews, arrival of new orders, customers' wishes), so that the
//! dates shown stay believable beside a product that lives in real time.
//!
//! **Chance.** The same [`Config::seed`] and [`Config::now`] give the same orders.
//!
//! Tests hold a [`Simulator`]; the binary serves the same thing, with `/_sim` pages for both.

mod actors;
mod agenda;
mod api;
mod auth;
mod calls;
mod cancellations;
mod cast;
mod channels;
mod clock;
mod config;
mod connection;
mod draft;
mod faults;
mod gate;
mod generate;
mod gestures;
mod hold;
mod invoices;
mod lag;
mod life;
mod matcher;
mod model;
mod past;
mod portal;
mod problem;
mod readings;
mod reasons;
mod review;
mod rules;
mod server;
mod sim;
mod simulator;
mod spoil;
mod state;
mod uploads;
mod wire;
mod wrong;

pub use calls::Call;
pub use cancellations::Cancellation;
pub use cancellations::CancelledLine;
pub use channels::CHANNELS;
pub use channels::Channel;
pub use channels::GestureLimit;
pub use channels::channel;
pub use config::Config;
pub use config::Seller;
pub use draft::OrderDraft;
pub use faults::Fault;
pub use faults::FaultBody;
pub use faults::FaultKind;
pub use gestures::Gesture;
pub use hold::Hold;
pub use hold::When;
pub use invoices::Invoice;
pub use matcher::Matcher;
pub use model::Effect;
pub use model::Line;
pub use model::Order;
pub use model::Parcel;
pub use model::Party;
pub use model::Status;
pub use model::SupplyMode;
pub use model::Unknown;
pub use portal::Refused;
pub use readings::Envelope;
pub use readings::Readings;
pub use review::Progress;
pub use review::Review;
pub use simulator::Simulator;
