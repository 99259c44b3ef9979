/** The viewer in a real browser: Chromium, driven by Playwright, over a read server on a store in memory. */
@NullMarked
package io.stepvault.server.browser;

import org.jspecify.annotations.NullMarked;
