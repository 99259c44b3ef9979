/** Files that come with the server: the viewer and the page of the API. */
@NullMarked
package io.stepvault.server.files;

import org.jspecify.annotations.NullMarked;
