package dev.eventvalues.etcd.state;

/**
 * Where an answer comes from: the head of each of etcd's responses.
 *
 * @param clusterId the cluster that answered
 * @param revision the revision of its store when it answered
 */
public record Origin(long clusterId, long revision) {}
