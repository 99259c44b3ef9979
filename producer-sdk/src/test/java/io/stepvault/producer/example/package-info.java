/** The example that the README quotes, and its test: it lives outside the publisher's package, as users do. */
@NullMarked
package io.stepvault.producer.example;

import org.jspecify.annotations.NullMarked;
