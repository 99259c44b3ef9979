@org.jspecify.annotations.NullMarked
package io.stepvault.devkit.example;
