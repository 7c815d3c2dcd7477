import type { GraphService } from "../../../provider/graph/service.ts";
import type { IotHubService } from "../../../provider/iothub/service.ts";
import {
	type Behave,
	type Enemy,
	formatHttpAnswer,
	getOrigin,
	type RawServer,
	withServer,
} from "./rawServer.ts";
import { openTrustingGraph, openTrustingHub } from "./trustingServices.ts";

/** A fake hub, and a provider that trusts it. */
export interface HostileHub {
	readonly server: RawServer;
	readonly service: IotHubService;
	readonly said: string[];
}

/** Runs a test with a server in place of a hub. */
export function withHostileHub(enemy: Enemy, test: (hub: HostileHub) => Promise<void>): Promise<void> {
	return withServer(enemy, (server) => {
		const said: string[] = [];
		return test({ server, service: openTrustingHub(getOrigin(server, enemy), enemy.config, said), said });
	});
}

/** Returns a device as a hub's response has it. */
export function formatDevice(rest: object = {}): string {
	return JSON.stringify({ deviceId: "a", etag: "MQ==", generationId: "637900000000000000", ...rest });
}

/** Responds to everything with the same JSON. */
export function answerAlways(body: string, head?: string, status?: string): Behave {
	return (socket) => void socket.write(formatHttpAnswer(body, head, status));
}

/** A fake Graph, and a provider that trusts it. */
export interface HostileGraph {
	readonly server: RawServer;
	readonly service: GraphService;
}

/** Runs a test with a server in place of Graph. */
export function withHostileGraph(enemy: Enemy, test: (graph: HostileGraph) => Promise<void>): Promise<void> {
	return withServer(enemy, (server) =>
		test({ server, service: openTrustingGraph(getOrigin(server, enemy), enemy.config) }),
	);
}
