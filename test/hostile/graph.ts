import type { GraphService } from "../../provider/graph/service.ts";
import { type Enemy, getOrigin, type RawServer, withServer } from "./rawServer.ts";
import { openTrustingGraph } from "./trusting.ts";

/** A Graph that is none, and a provider that was told to trust it. */
export interface HostileGraph {
	readonly server: RawServer;
	readonly service: GraphService;
}

/** Runs a test with a server in the place of Graph. */
export function withHostileGraph(enemy: Enemy, test: (graph: HostileGraph) => Promise<void>): Promise<void> {
	return withServer(enemy, (server) =>
		test({ server, service: openTrustingGraph(getOrigin(server, enemy), enemy.config) }),
	);
}
