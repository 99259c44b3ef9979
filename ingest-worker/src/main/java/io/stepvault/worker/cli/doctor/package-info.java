/**
 * What {@code stepvault doctor} looks at. A check asks one thing of one part of the installation, writes nothing but the
 * store's probe object, and answers in findings of one line each.
 */
@NullMarked
package io.stepvault.worker.cli.doctor;

import org.jspecify.annotations.NullMarked;
