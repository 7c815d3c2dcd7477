import fc from "fast-check";
import type { Values } from "../../../provider/values.ts";
import { createKey, OTHER_SCOPE, SCOPE, SHA1, SHA256 } from "./devices.ts";

const key = fc.integer({ min: 1, max: 9 }).map(createKey);

const authentication = fc.oneof(
	fc.constantFrom<Values[]>({}, { type: "sas" }, { type: "certificateAuthority" }),
	fc.record({ symmetricKey: fc.record({ primaryKey: key, secondaryKey: key }) }),
	fc.record({ derivedFrom: fc.oneof(key, fc.record({ primaryKey: key, secondaryKey: key })) }),
	fc.record({
		x509Thumbprint: fc.oneof(
			fc.constantFrom(SHA1, SHA1.toLowerCase(), SHA256).map((primaryThumbprint) => ({ primaryThumbprint })),
			fc.constant({ primaryThumbprint: SHA1, secondaryThumbprint: "EF".repeat(20) }),
		),
	}),
);

const scope = fc.constantFrom("", SCOPE, OTHER_SCOPE);

const leaf = fc.record(
	{
		capabilities: fc.constantFrom<Values[]>({}, { iotEdge: false }),
		deviceScope: scope,
		parentScopes: fc.constant([]),
	},
	{ requiredKeys: [] },
);

const gateway = fc.record(
	{
		capabilities: fc.constant({ iotEdge: true }),
		deviceScope: fc.constant(""),
		parentScopes: fc.constantFrom([], [SCOPE], [OTHER_SCOPE]),
	},
	{ requiredKeys: ["capabilities"] },
);

/** Generates every kind of declaration of the device dev-1. */
export const declarations: fc.Arbitrary<Values> = fc
	.tuple(
		fc.record(
			{
				status: fc.constantFrom("enabled", "disabled"),
				statusReason: fc.constantFrom("", "sold", "in repair"),
				authentication,
				storeCredentials: fc.boolean(),
			},
			{ requiredKeys: [] },
		),
		fc.oneof(leaf, gateway),
	)
	.map(([rest, place]) => ({ deviceId: "dev-1", hubHostName: "fleet.example", ...rest, ...place }));
