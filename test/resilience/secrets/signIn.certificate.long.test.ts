import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type ApplicationKey, makeApplicationKey, PASSWORD, type PemFiles } from "./credentials.ts";
import {
	answerEverything,
	closeSocket,
	type Directory,
	MANNERS,
	openDirectory,
	TOKEN_GIVEN,
} from "./directory.ts";
import { APPLICATION, findAssertions, NOWHERE, runSignIn } from "./processes.ts";
import { Search } from "./search.ts";

const WRONG = "another-pass-word/than+that";

/** The combinations of file and password that fail before any request. */
const FAULTS: readonly [file: keyof PemFiles, password: string | undefined, said: RegExp][] = [
	["encrypted", undefined, /./],
	["encrypted", WRONG, /bad decrypt/],
	["of a key alone", PASSWORD, /does not contain a PEM-encoded certificate/],
	["of a certificate alone", PASSWORD, /DECODER/],
	["torn", undefined, /./],
	["torn", PASSWORD, /DECODER|asn1/],
	["without its frame", undefined, /./],
	["missing", PASSWORD, /ENOENT/],
];

describe("a sign-in by certificate prints neither the key nor its password nor a token:", () => {
	const search = new Search();
	let directory: Directory;
	let key: ApplicationKey;

	before(async () => {
		[directory, key] = await Promise.all([openDirectory(), makeApplicationKey()]);
	});

	after(async () => {
		await Promise.all([directory.close(), key.remove()]);
		console.log(`Sign-in by certificate: ${search.describe()}`);
	});

	async function signInWith(
		file: keyof PemFiles,
		password?: string,
		origin = directory.origin,
	): Promise<string> {
		const settings = {
			...APPLICATION,
			"iothub:authorityHost": origin,
			"iothub:clientCertificatePath": key.files[file],
			...(password !== undefined && { "iothub:clientCertificatePassword": password }),
		};
		const printed = await runSignIn(settings, directory);
		const secrets = [...key.secrets, PASSWORD, WRONG, TOKEN_GIVEN, ...findAssertions(directory)];
		search.assertSilent(file, [printed], secrets);
		return printed;
	}

	const KEYS: readonly [file: keyof PemFiles, password: string | undefined][] = [
		["plain", undefined],
		["encrypted", PASSWORD],
	];
	for (const [file, password] of KEYS) {
		test(`succeeds with a key that is ${file}`, async () => {
			directory.become(answerEverything);
			const printed = await signInWith(file, password);
			assert.match(printed, /it succeeded.*clientCertificate/s);
			assert.match(printed, /^azure:identity:info ClientCertificateCredential .*SUCCESS/m);
			assert.equal(findAssertions(directory).length, 1);
		});

		for (const [manner, answer] of Object.entries(MANNERS)) {
			test(`fails with a key that is ${file} if the directory ${manner}`, async () => {
				directory.become(answer);
				const printed = await signInWith(file, password);
				assert.match(printed, FAILED);
				assert.notDeepEqual(findAssertions(directory), [], "nothing was sent");
			});
		}

		// Both are retried, with pauses.
		test(`fails with a key that is ${file} if the directory closes the connection or does not exist`, async () => {
			directory.become(closeSocket);
			const all = [directory.origin, NOWHERE].map((origin) => signInWith(file, password, origin));
			for (const printed of await Promise.all(all)) assert.match(printed, FAILED);
		});
	}

	for (const [file, password, said] of FAULTS) {
		const given =
			password === undefined ? "no password" : password === WRONG ? "a wrong password" : "a password";
		test(`fails with a file that is ${file} and ${given}`, async () => {
			directory.become(answerEverything);
			const printed = await signInWith(file, password);
			assert.match(printed, FAILED);
			assert.match(printed, said);
			assert.deepEqual(findAssertions(directory), []);
		});
	}
});

const FAILED = /Microsoft Entra sign-in by clientCertificate failed: .*\[SignInError\]/s;
