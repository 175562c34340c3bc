"""A store on a Neo4j server, for offices that share one, and for questions asked in Cypher."""
