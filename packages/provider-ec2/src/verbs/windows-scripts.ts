/** Windows PowerShell, as every Windows Server since 2012 has it: no module, no tool, .NET Framework alone. */

export const KEY_BITS = 2048;

/** A failure says nothing but that it was one: what scripts write stays in the command history. */
const inSilence = (lines: readonly string[]): readonly string[] => [
  "$ErrorActionPreference = 'Stop'",
  'try {',
  ...lines.map((line) => `  ${line}`),
  '} catch { exit 1 }',
];

const container = (name: string, flags: string): readonly string[] => [
  '$csp = New-Object System.Security.Cryptography.CspParameters',
  `$csp.KeyContainerName = '${name}'`,
  `$csp.Flags = [System.Security.Cryptography.CspProviderFlags]'${flags}'`,
];

/** Makes a key in the machine's store, which administrators alone can read, and writes its public half. */
export function makeKeyScript(name: string): readonly string[] {
  return inSilence([
    ...container(name, 'UseMachineKeyStore'),
    `$rsa = New-Object System.Security.Cryptography.RSACryptoServiceProvider(${KEY_BITS}, $csp)`,
    '[Console]::Out.WriteLine($rsa.ToXmlString($false))',
  ]);
}

/** Sets the password of the account that is Administrator, whatever it is called (its SID ends in -500), and deletes the key whether that went well or not. */
export function decryptAndSetScript(name: string, encrypted: string): readonly string[] {
  return inSilence([
    ...container(name, 'UseMachineKeyStore, UseExistingKey'),
    '$rsa = New-Object System.Security.Cryptography.RSACryptoServiceProvider($csp)',
    'try {',
    `  $bytes = $rsa.Decrypt([Convert]::FromBase64String('${encrypted}'), $true)`,
    '  $password = [Text.Encoding]::UTF8.GetString($bytes)',
    "  $found = Get-WmiObject Win32_UserAccount -Filter 'LocalAccount = True' | Where-Object { $_.SID -like 'S-1-5-21-*-500' }",
    "  ([ADSI]('WinNT://./' + $found.Name + ',user')).SetPassword($password)",
    '} finally {',
    '  $rsa.PersistKeyInCsp = $false',
    '  $rsa.Clear()',
    '}',
  ]);
}
