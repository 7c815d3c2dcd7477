import type { IotHubService } from "../../provider/iothub/service.ts";
import { answer, type Behave, type Enemy, originOf, type RawServer, withServer } from "./rawServer.ts";
import { trustingHub } from "./trusting.ts";

/** A hub that is none, and a provider that was told to trust it. */
export interface HostileHub {
	readonly server: RawServer;
	readonly service: IotHubService;
	readonly said: string[];
}

/** Runs a test with a server in the place of a hub. */
export function withHostileHub(enemy: Enemy, test: (hub: HostileHub) => Promise<void>): Promise<void> {
	return withServer(enemy, (server) => {
		const said: string[] = [];
		return test({ server, service: trustingHub(originOf(server, enemy), enemy.config, said), said });
	});
}

/** A device as a hub answers with it. */
export function deviceJson(rest: object = {}): string {
	return JSON.stringify({ deviceId: "a", etag: "MQ==", generationId: "637900000000000000", ...rest });
}

/** Answers everything with the same JSON text. */
export function always(body: string, head?: string, status?: string): Behave {
	return (socket) => void socket.write(answer(body, head, status));
}
