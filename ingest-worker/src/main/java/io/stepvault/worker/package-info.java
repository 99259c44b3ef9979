/**
 * The ingest worker: takes step captures off the topic, batches them by session, stores them and says so. Its packages
 * are the stages of the pipeline, in the order in which data flows: {@code consume}, {@code batch}, {@code store},
 * {@code complete}, {@code commit}.
 */
@NullMarked
package io.stepvault.worker;

import org.jspecify.annotations.NullMarked;
