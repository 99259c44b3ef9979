@org.jspecify.annotations.NullMarked
package io.stepvault.worker.spool.view;
