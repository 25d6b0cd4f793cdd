// The tests use the Chromium of the system.
module.exports = { skipDownload: true };
