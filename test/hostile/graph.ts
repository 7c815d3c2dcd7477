import type { Credential } from "../../provider/auth/credential.ts";
import { type GraphService, graphService } from "../../provider/graph/service.ts";
import { QuickClock } from "../contract/engine/quickClock.ts";
import { type Behave, type Greet, type RawServer, rawServer } from "./rawServer.ts";

/** What is sent to whoever stands for Graph. */
export const TOKEN = "Bearer the-token";

/** A sign-in that is over. */
export const CREDENTIAL: Credential = {
	family: "entra",
	identity: "Microsoft Entra identity (clientSecret)",
	authorization: async () => TOKEN,
	refused: () => false,
	clockHint: () => "",
};

/** A Graph that is none, and a provider that was told to trust it. */
export interface HostileGraph {
	readonly server: RawServer;
	readonly service: GraphService;
}

/** Runs a test with a server in the place of Graph. */
export async function withHostileGraph(
	{
		behave,
		greet,
		scheme = "http",
		config = {},
	}: { behave: Behave; greet?: Greet; scheme?: string; config?: Readonly<Record<string, string>> },
	test: (graph: HostileGraph) => Promise<void>,
): Promise<void> {
	const server = await rawServer(behave, greet);
	const settings: Readonly<Record<string, string>> = {
		"autopilot:endpoint": `${scheme}://${server.host}`,
		...config,
	};
	const sources = { config: (key: string) => settings[key], env: {} };
	const service = graphService({ sources, clock: new QuickClock(), say: () => {}, credential: CREDENTIAL });
	try {
		await test({ server, service });
	} finally {
		await server.close();
	}
}
