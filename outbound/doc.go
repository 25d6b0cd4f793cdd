// Package outbound is the one HTTP client for the world outside: pictures that
// other programs name, webhooks, push services, identity providers. It reaches
// public addresses only, whatever a name says at the moment of connecting, and
// never follows a redirection. Nothing else in the program makes a client.
package outbound
