import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type ConfigValue, createStandIn, type Engine, findCli } from "../engine/index.ts";
import { locateProgram, runAtSite, type Site } from "./site.ts";

const MEMBERS = 2_040;
const SINGLES = 30;

/** Faults that prevent the creation of every device, and the messages about them. */
const FAULTS: readonly {
	readonly title: string;
	readonly config: Readonly<Record<string, ConfigValue>>;
	readonly reason: RegExp;
	readonly maxRequests: number;
	prepare?(site: Site): void;
}[] = [
	{
		title: "a wrong key",
		config: {},
		reason: /The key of the shared access policy "iothubowner" .* must be one of its two current keys/g,
		// The concurrent requests, and those of devices that began before the first was rejected.
		maxRequests: 20,
		prepare: ({ emulator }) => void emulator.control.policies.regenerate("iothubowner"),
	},
	{
		title: "a refused port",
		config: { "iothub:endpoint": "http://127.0.0.1:9" },
		reason: /no connection \(ECONNREFUSED\)/g,
		maxRequests: 0,
	},
];

for (const { title, config, reason, maxRequests, prepare } of FAULTS) {
	for (const sku of ["", "S1"]) {
		describe(`${title}${sku && ` of an ${sku} hub`} is reported once for a fleet of ${MEMBERS} devices and ${SINGLES} single ones`, () => {
			const playOn = (engine: Engine): Promise<void> => {
				const options = {
					root: locateProgram("crowd"),
					config: {
						...config,
						...(sku && { "iothub:sku": sku }),
						members: String(MEMBERS),
						singles: String(SINGLES),
					},
				};
				return runAtSite(engine, options, async (site) => {
					prepare?.(site);
					site.emulator.control.requests.reset();
					const { exitCode, diagnostics, output } = await site.stack.up({ continueOnError: true });
					assert.notEqual(exitCode, 0);
					const errors = diagnostics.filter(({ severity }) => severity === "error");
					const text = errors.map(({ message }) => message).join("\n");
					// Until the fleet reports the fault of its members, the first single resource that meets it gives the reason, too.
					const reasonCount = text.match(reason)?.length ?? 0;
					const isFirstInFleet = !/single-\d+ failed: /.test(text);
					assert.ok(reasonCount === 1 || (isFirstInFleet && reasonCount === 2), output);
					assert.match(
						text,
						/2040 devices (failed and \d+ )?were not tried, since they would fail for the same reason/,
					);
					assert.equal(
						text.match(/\[SharedFault\]/g)?.length,
						SINGLES - (/single-\d+ failed: /.test(text) ? 1 : 0),
					);
					const requests = Object.values(site.emulator.control.requests.counts());
					const requestCount = requests.reduce((sum, count) => sum + count, 0);
					assert.ok(requestCount <= maxRequests, `${requestCount} requests`);
				});
			};

			test("on the stand-in", () => playOn(createStandIn()));

			test("on the CLI", async (t) => {
				const real = await findCli();
				if (real === undefined) return t.diagnostic("No pulumi on PATH: nothing was tested.");
				await playOn(real);
			});
		});
	}
}
