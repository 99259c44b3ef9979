/**
 * HTTP as the rest of the server sees it: calls, routes, answers and problems as plain values, and the one place that
 * carries them over Jetty.
 */
@NullMarked
package io.stepvault.server.http;

import org.jspecify.annotations.NullMarked;
