; UNTRIED: nobody has run this on Windows yet. Inno Setup 6, after `python -m PyInstaller installer/wellbeing.spec`.
[Setup]
AppId=WellbeingDesktop
AppName=Wellbeing Desktop
AppVersion=0.1.0
DefaultDirName={localappdata}\Programs\Wellbeing Desktop
DefaultGroupName=Wellbeing Desktop
PrivilegesRequired=lowest
OutputBaseFilename=wellbeing-desktop-setup
Compression=lzma2
SolidCompression=yes
ArchitecturesInstallIn64BitMode=x64compatible
[Files]
Source: "..\..\dist\wellbeing-desktop\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion
[Icons]
Name: "{group}\Wellbeing Desktop"; Filename: "{app}\wellbeing.exe"
