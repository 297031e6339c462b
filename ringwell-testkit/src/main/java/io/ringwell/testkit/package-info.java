/// The contract of engines as a suite to extend ([io.ringwell.testkit.EngineContract]), that of
/// sinks ([io.ringwell.testkit.SinkContract], [io.ringwell.testkit.SinkWaitingContract]), an engine
/// that fails on purpose ([io.ringwell.testkit.FaultEngine]) and one that writes down which memory
/// it was given ([io.ringwell.testkit.RecordingEngine]).
package io.ringwell.testkit;
