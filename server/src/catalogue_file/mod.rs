//! Import and export of the catalogue as a Shopify product CSV.
