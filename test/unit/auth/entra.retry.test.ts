import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CREDENTIAL_FACTORIES } from "../../../provider/auth/entra.methods.ts";
import type { ObservedOptions } from "../../../provider/auth/entra.retry.ts";
import { createEntraSettings } from "../../../provider/auth/entra.settings.ts";
import { createEntraCredential } from "../../../provider/auth/entra.ts";
import { createSettingReader, TestClock } from "../doubles.ts";

/** A response of the directory to one attempt, or the code of an error of the connection. */
type Step = { readonly status: number; readonly headers?: Readonly<Record<string, string>> } | string;

/** Signs in at a directory that responds with these steps, the last one for ever. */
function createSignIn(
	t: { mock: { method(object: object, name: string, how: unknown): unknown } },
	steps: readonly Step[],
) {
	const clock = new TestClock();
	clock.chance = 0;
	let attempts = 0;
	const factory = () => async (observed: ObservedOptions) => ({
		getToken: async () => {
			const step = steps[Math.min(attempts++, steps.length - 1)] ?? "";
			const { policy } = observed.additionalPolicies[0] ?? assert.fail();
			assert.equal(observed.retryOptions.maxRetries, 0);
			const { status } = await policy.sendRequest({} as never, async () => {
				if (typeof step === "string") throw Object.assign(new Error("no connection"), { code: step });
				return { status: step.status, headers: { toJSON: () => ({ ...step.headers }) } } as never;
			});
			if (status !== 200) throw new Error(`the directory responded with ${status}`);
			return { token: "t", expiresOnTimestamp: clock.getWallTime() + 3_600_000 };
		},
	});
	t.mock.method(CREDENTIAL_FACTORIES, "clientSecret", factory);
	const credential = createEntraCredential(createSettingReader({ "iothub:credential": "clientSecret" }), {
		settings: createEntraSettings("iothub"),
		scope: "https://iothubs.azure.net/.default",
		reason: "a test",
		clock,
	});
	const signIn = () => credential.getAuthorizationHeader().catch((error: unknown) => error);
	return { clock, signIn, count: () => attempts };
}

describe("a sign-in", () => {
	test("is attempted once for any number of callers if it is refused, and again after a minute", async (t) => {
		const { clock, signIn, count } = createSignIn(t, [{ status: 401 }, { status: 200 }]);
		const errors = new Set(await Promise.all(Array.from({ length: 10_000 }, signIn)));
		assert.equal(errors.size, 1, "all get the same error");
		assert.ok(errors.has(await signIn()));
		assert.equal(count(), 1);
		clock.pass(60_000);
		assert.equal(await signIn(), "Bearer t");
		assert.equal(count(), 2);
	});

	for (const [title, step, delays] of [
		["503", { status: 503 }, [500, 1_000, 2_000]],
		["408", { status: 408 }, [500, 1_000, 2_000]],
		["429", { status: 429 }, [10_000, 10_000, 10_000]],
		["Retry-After: 0", { status: 429, headers: { "retry-after": "0" } }, [1_000, 2_000, 4_000]],
		["a Retry-After of 17 s", { status: 503, headers: { "retry-after": "17" } }, [17_000, 17_000, 17_000]],
		[
			"a Retry-After in the past",
			{ status: 503, headers: { "retry-after": "Thu, 01 Jan 1970 00:00:00 GMT" } },
			[1_000, 2_000, 4_000],
		],
		["a reset", "ECONNRESET", [500, 1_000, 2_000]],
	] as const) {
		test(`is retried three times after ${title}, with pauses, and can succeed`, async (t) => {
			const failing = createSignIn(t, [step]);
			assert.match(
				String(await failing.signIn()),
				/^SignInError: Microsoft Entra sign-in by clientSecret failed/,
			);
			assert.equal(failing.count(), 4);
			assert.deepEqual(failing.clock.sleeps, delays);
			const recovering = createSignIn(t, [step, step, { status: 200 }]);
			assert.equal(await recovering.signIn(), "Bearer t");
		});
	}

	for (const step of [{ status: 400 }, { status: 401 }, { status: 403 }, "CERT_HAS_EXPIRED"] as const) {
		test(`is not retried after ${typeof step === "string" ? step : step.status}`, async (t) => {
			const { signIn, count, clock } = createSignIn(t, [step]);
			assert.ok((await signIn()) instanceof Error);
			assert.deepEqual([count(), clock.sleeps], [1, []]);
		});
	}

	test("ends at once with the wait that the directory asks for, if that is longer than a sign-in may take", async (t) => {
		const { signIn, count, clock } = createSignIn(t, [{ status: 429, headers: { "retry-after": "86400" } }]);
		assert.equal(
			String(await signIn()),
			"SignInError: Microsoft Entra sign-in by clientSecret failed: the service asks to wait 24 h before the next sign-in (429 with " +
				"Retry-After), longer than the 2 min that a sign-in may take. Run the command again in 24 h. (Entra was used because a test.)",
		);
		assert.deepEqual([count(), clock.sleeps], [1, []]);
	});

	test("is not disturbed by a step of the time of day", async (t) => {
		const { signIn, clock } = createSignIn(t, [{ status: 503 }, { status: 200 }]);
		const signingIn = signIn();
		clock.stepWallTime(-86_400_000);
		assert.equal(await signingIn, "Bearer t");
		assert.deepEqual(clock.sleeps, [500]);
	});
});
