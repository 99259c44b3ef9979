/**
 * A client of schema registries that speak Confluent's API, over the JDK's HTTP client: no library of Confluent's is
 * needed, which are not on Maven Central. Errors are classified once, here: {@link
 * io.stepvault.registry.RegistryAnswer} tells what a registry does not have from a registry that does not answer.
 */
@NullMarked
package io.stepvault.registry;

import org.jspecify.annotations.NullMarked;
