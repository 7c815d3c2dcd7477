import { type IotHubService, iotHubService } from "../../provider/iothub/service.ts";
import { QuickClock } from "../contract/engine/quickClock.ts";
import { answer, type Behave, type Greet, type RawServer, rawServer } from "./rawServer.ts";

/** A hub that is none, and a provider that was told to trust it. */
export interface HostileHub {
	readonly server: RawServer;
	readonly service: IotHubService;
	readonly said: string[];
}

const KEY = Buffer.alloc(32, 7).toString("base64");

/** Runs a test with a server in the place of a hub. */
export async function withHostileHub(
	{
		behave,
		greet,
		scheme = "http",
		config = {},
	}: { behave: Behave; greet?: Greet; scheme?: string; config?: Readonly<Record<string, string>> },
	test: (hub: HostileHub) => Promise<void>,
): Promise<void> {
	const server = await rawServer(behave, greet);
	const settings: Record<string, string> = {
		"iothub:connectionString": `HostName=fleet.azure-devices.net;SharedAccessKeyName=owner;SharedAccessKey=${KEY}`,
		"iothub:endpoint": `${scheme}://${server.host}`,
		...config,
	};
	const said: string[] = [];
	const sources = { config: (key: string) => settings[key], env: {} };
	const say = (text: string) => void said.push(text);
	const service = iotHubService({ sources, clock: new QuickClock(), say });
	try {
		await test({ server, service, said });
	} finally {
		await server.close();
	}
}

/** A device as a hub answers with it. */
export function deviceJson(rest: object = {}): string {
	return JSON.stringify({ deviceId: "a", etag: "MQ==", generationId: "637900000000000000", ...rest });
}

/** Answers everything with the same JSON text. */
export function always(body: string, head?: string, status?: string): Behave {
	return (socket) => void socket.write(answer(body, head, status));
}
