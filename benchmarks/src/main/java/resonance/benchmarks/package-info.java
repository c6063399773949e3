/** JMH benchmarks. */
package resonance.benchmarks;
